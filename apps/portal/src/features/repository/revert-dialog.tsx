import { getArtifact } from '@moorage/contracts';
import { Bytes, ExactTime, Facts, shortDigest, Text, toast } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { type RepositoryPlace, useRevertTag } from './repository.queries.ts';
import type { TagRevert } from './revert.rules.ts';

/** Shows what a tag points at and what it would point at; then moves it. */
export function RevertDialog(props: { place: RepositoryPlace; revert: TagRevert; onClose: () => void }) {
  const { t } = useTranslation('repository');
  const { place, revert } = props;
  const problem = useProblem();
  const move = useRevertTag(place);
  const submit = () =>
    move.mutate(revert, {
      onSuccess: () => {
        toast({
          tone: 'success',
          message: t('activity.done', { tag: revert.tag, digest: shortDigest(revert.digest) }),
        });
        props.onClose();
      },
    });
  return (
    <FormDialog
      title={t('activity.title', { tag: revert.tag })}
      submitLabel={t('activity.confirm')}
      busy={move.isPending}
      failure={move.error ? problem.text(move.error) : null}
      onClose={props.onClose}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Side place={place} reference={revert.tag} title={t('activity.now')} />
      <Side place={place} reference={revert.digest} title={t('activity.then')} />
      <Text size="sm" c="dimmed">
        {t('activity.effect', { tag: revert.tag })}
      </Text>
    </FormDialog>
  );
}

function Side(props: { place: RepositoryPlace; reference: string; title: string }) {
  const { t } = useTranslation('repository');
  const { place, reference } = props;
  const { data, error } = useQuery({
    ...objectQuery(getArtifact, {
      params: { project_name: place.project, repository_name: place.repository, reference },
      query: {},
    }),
    retry: false,
    staleTime: 0,
  });
  return (
    <section aria-label={props.title}>
      <Text size="sm" fw={600} mb={4}>
        {props.title}
      </Text>
      {error ? <Text size="sm">{t('activity.nothing')}</Text> : null}
      {data ? (
        <Facts
          rows={[
            { label: t('column.digest'), value: <code>{shortDigest(data.digest)}</code> },
            { label: t('column.pushed'), value: <ExactTime value={data.push_time} /> },
            { label: t('column.size'), value: <Bytes value={data.size} /> },
            { label: t('column.tags'), value: (data.tags ?? []).map((tag) => tag.name).join(', ') },
          ]}
        />
      ) : null}
    </section>
  );
}
