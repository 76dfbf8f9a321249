import { getProject, getProjectSummary, type Project } from '@moorage/contracts';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { objectQuery } from '../api/query.ts';

export function projectQuery(name: string) {
  return objectQuery(getProject, { params: { project_name_or_id: name } });
}

export function projectSummaryQuery(name: string) {
  return objectQuery(getProjectSummary, { params: { project_name_or_id: name } });
}

/** The name in the address of a project's page. */
export function useProjectName(): string {
  return useParams({ strict: false, select: (params) => params.project ?? '' });
}

/** The project of the page. The frame around the page has loaded it. */
export function useProject(): Project {
  return useSuspenseQuery(projectQuery(useProjectName())).data;
}

/** The project of the page, or undefined while it loads. */
export function useProjectIfKnown(): Project | undefined {
  return useQuery(projectQuery(useProjectName())).data;
}
