import { ConfirmDestroy, Text, TextSkeleton, toast, useUi } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Link } from '../../shared/links.tsx';
import { projectSummaryQuery } from '../../shared/project/project.queries.ts';
import { trashSummaryQuery } from '../../shared/trash/trash.queries.ts';
import { useDeletable, useDeleteProject } from './project.queries.ts';

/** Shows what a project holds and what is in the way, and deletes it once its name was typed. */
export function ProjectDeleteDialog(props: { project: string; onClose: () => void; onDeleted: () => void }) {
  const { t } = useTranslation('project');
  const { number } = useUi();
  const problem = useProblem();
  const { data: deletable, error } = useDeletable(props.project);
  const { data: summary } = useQuery(projectSummaryQuery(props.project));
  const remove = useDeleteProject();
  const { data: trash } = useQuery(trashSummaryQuery(props.project));
  const repositories = summary?.repo_count ?? 0;

  const people = [
    summary?.project_admin_count,
    summary?.maintainer_count,
    summary?.developer_count,
    summary?.guest_count,
    summary?.limited_guest_count,
  ].reduce<number>((sum, count) => sum + (count ?? 0), 0);

  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="typed"
      name={props.project}
      title={t('delete.title', { name: props.project })}
      action={t('delete.action')}
      blocked={error !== null ? 'impossible' : deletable === undefined ? 'checking' : undefined}
      consequences={[
        t('delete.goes', { name: props.project }),
        t('delete.members', { count: people, shown: number(people) }),
        t('delete.robots', { count: summary?.robot_count ?? 0 }),
        ...(repositories > 0 ? [t('delete.repositories', { count: repositories })] : []),
        trash && trash.days > 0 ? t('delete.trash', { count: trash.days }) : t('delete.final'),
      ]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        // Asked for with its name typed: what it holds goes along.
        await remove.mutateAsync({ project: props.project, force: deletable?.deletable === false });
        toast({ tone: 'success', message: t('delete.done', { name: props.project }) });
        props.onDeleted();
      }}
    >
      {deletable === undefined && error === null ? <TextSkeleton lines={2} /> : null}
      {error ? <Text size="sm">{problem.text(error)}</Text> : null}
      {repositories > 0 ? (
        <Link to="/projects/$project/repositories" params={{ project: props.project }} onClick={props.onClose}>
          {t('delete.showRepositories')}
        </Link>
      ) : null}
    </ConfirmDestroy>
  );
}
