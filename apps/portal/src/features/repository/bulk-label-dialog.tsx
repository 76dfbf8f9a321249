import { type BodyInputOf, labelArtifacts } from '@moorage/contracts';
import { Text, toast } from '@moorage/ui';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { call } from '../../shared/api/client.ts';
import { refreshRooms } from '../../shared/api/refresh-rooms.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { LabelChoice } from '../../shared/marks/label-picker.tsx';
import type { RepositoryPlace } from './repository.queries.ts';

/** Which artifacts are labelled: those of named tags, or of all tags that match a filter. */
export type LabelTarget = Pick<BodyInputOf<typeof labelArtifacts>, 'tags' | 'matching'>;

/** Puts labels on the artifacts of many tags; says before on how many, and which other tags show them too. */
export function BulkLabelDialog(props: {
  place: RepositoryPlace;
  projectId: number;
  target: LabelTarget;
  onClose: () => void;
  onDone: () => void;
}) {
  const { t } = useTranslation('repository');
  const problem = useProblem();
  const { place, target } = props;
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const params = { project_name: place.project, repository_name: place.repository };
  const preview = useQuery({
    queryKey: ['artifact', 'label-preview', place, target, chosen] as const,
    queryFn: async ({ signal }) =>
      (await call(labelArtifacts, { params, body: { ...target, add: [...chosen], dry_run: true }, signal })).data,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const queries = useQueryClient();
  const label = useMutation({
    mutationFn: async (add: readonly number[]) =>
      (await call(labelArtifacts, { params, body: { ...target, add: [...add] } })).data,
    onSettled: () => refreshRooms(queries, 'artifact', 'label'),
  });
  const error = label.error ?? preview.error;
  return (
    <LabelChoice
      projectId={props.projectId}
      count={preview.data?.artifacts ?? 0}
      present={[]}
      busy={label.isPending}
      failure={error === null ? null : problem.text(error)}
      note={preview.data ? <Note preview={preview.data} chosen={chosen.length} /> : null}
      onChoose={setChosen}
      onClose={props.onClose}
      onSubmit={({ add }) =>
        label.mutate(add, {
          onSuccess: ({ artifacts }) => {
            toast({ tone: 'success', message: t('labelling.done', { count: artifacts }) });
            props.onDone();
          },
        })
      }
    />
  );
}

function Note(props: {
  preview: { readonly artifacts: number; readonly other_tags: number; readonly added: number };
  chosen: number;
}) {
  const { t } = useTranslation('repository');
  const { artifacts, other_tags, added } = props.preview;
  return (
    <Text size="sm" role="status">
      {[
        t('labelling.artifacts', { count: artifacts }),
        ...(other_tags > 0 ? [t('labelling.others', { count: other_tags })] : []),
        ...(props.chosen > 0 ? [t('labelling.new', { count: added })] : []),
      ].join(' ')}
    </Text>
  );
}
