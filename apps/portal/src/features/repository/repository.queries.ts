import {
  ApiError,
  copyArtifact,
  createTag,
  deleteRepository,
  listRepositories,
  type Repository,
  revertTag,
  updateRepository,
} from '@moorage/contracts';
import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';

/** A repository by its project and its name without the project. */
export interface RepositoryPlace {
  readonly project: string;
  readonly repository: string;
}

const paramsOf = (place: RepositoryPlace) => ({ project_name: place.project, repository_name: place.repository });

/** The repository as a list shows it: visitors of a public project may list repositories, but not read one (RBAC-1). */
export function repositoryQuery(place: RepositoryPlace) {
  const name = `${place.project}/${place.repository}`;
  return queryOptions({
    queryKey: ['repository', 'by-name', name] as const,
    queryFn: async ({ signal }): Promise<Repository> => {
      const { data, headers } = await call(listRepositories, {
        params: { project_name: place.project },
        query: { q: listQueryText([{ key: 'name', is: name }]), page_size: 1 },
        signal,
      });
      const [found] = data;
      if (found === undefined) throw new ApiError(404, 'NOT_FOUND', `There is no repository ${name}.`, headers);
      return found;
    },
  });
}

export function useDeleteRepositories(project: string) {
  const queries = useQueryClient();
  return useMutation({
    /** Deletes one after the other; tells which failed and why. */
    mutationFn: (names: readonly string[]) =>
      oneByOne(
        names,
        (repository) => repository,
        (repository) => call(deleteRepository, { params: paramsOf({ project, repository }) }),
      ),
    onSuccess: () => refreshRooms(queries, 'repository', 'artifact', 'project'),
  });
}

export function useDescribeRepository(place: RepositoryPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (description: string) => call(updateRepository, { params: paramsOf(place), body: { description } }),
    onSuccess: () => refreshRooms(queries, 'repository'),
  });
}

export interface TagOnDigest {
  readonly name: string;
  readonly digest: string;
}

export function useAddTag(place: RepositoryPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (tag: TagOnDigest) =>
      call(createTag, { params: { ...paramsOf(place), reference: tag.digest }, body: { name: tag.name } }),
    onSuccess: () => refreshRooms(queries, 'artifact', 'repository', 'project'),
  });
}

/** Copies an artifact, named `project/repository:tag` or `…@digest`, into a repository. */
export function useCopyArtifact() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ from, to }: { readonly from: string; readonly to: RepositoryPlace }) =>
      call(copyArtifact, { params: paramsOf(to), query: { from } }),
    onSuccess: () => refreshRooms(queries, 'artifact', 'repository', 'project'),
  });
}

/** Points a tag at what it pointed at before. */
export function useRevertTag(place: RepositoryPlace) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ tag, digest }: { readonly tag: string; readonly digest: string }) =>
      call(revertTag, { params: { ...paramsOf(place), tag_name: tag }, body: { digest } }),
    onSuccess: () => refreshRooms(queries, 'artifact', 'repository'),
  });
}

/** Acts on one after the other; resolves with those that failed and why. */
async function oneByOne<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  act: (item: Item) => Promise<unknown>,
) {
  const failed: { name: string; error: unknown }[] = [];
  for (const item of items) {
    try {
      await act(item);
    } catch (error) {
      failed.push({ name: nameOf(item), error });
    }
  }
  return failed;
}
