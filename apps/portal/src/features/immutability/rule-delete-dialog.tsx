import type { ImmutableRule } from '@moorage/contracts';
import { ConfirmDestroy, toast } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { coverageOf, useCoveredTags, useDeleteRule } from './immutability.queries.ts';
import { RuleWords } from './rule-words.tsx';

/** Asks before a rule goes; says how many tags may change afterwards. */
export function RuleDeleteDialog(props: {
  project: string;
  rule: ImmutableRule;
  onClose: () => void;
  onDone?: () => void;
}) {
  const { t } = useTranslation('immutability');
  const problem = useProblem();
  const remove = useDeleteRule(props.project);
  const { rule } = props;
  const covered = useCoveredTags(props.project, coverageOf(rule), { page: 1, page_size: 1, sort: '-push_time' });
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier="content"
      title={t('delete.title', { id: rule.id })}
      action={t('delete.action')}
      consequences={[
        ...(covered.data === undefined || rule.disabled ? [] : [t('delete.frees', { count: covered.data.total })]),
        t('delete.others'),
      ]}
      failure={remove.error ? problem.text(remove.error) : null}
      onConfirm={async () => {
        await remove.mutateAsync(rule.id);
        toast({ tone: 'success', message: t('delete.done', { id: rule.id }) });
        props.onClose();
        props.onDone?.();
      }}
    >
      <RuleWords coverage={coverageOf(rule)} />
    </ConfirmDestroy>
  );
}
