import { ERRORS } from '@moorage/contracts';
import { Panel, SplitColumns, Text, TextSkeleton } from '@moorage/ui';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isStatus } from '../../shared/api/problem.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { AccessAnswer } from './access-answer.tsx';
import { AccessQuestion } from './access-question.tsx';
import type { AccessSearch } from './access-search.ts';
import { useExplanation } from './access.queries.ts';

/** "Why can, or cannot, this account do that?", of a project, or of the installation when `project` is null. */
export function AccessCheck(props: { project: string | null; search: AccessSearch; denied: string }) {
  const { t } = useTranslation('access');
  const navigate = useNavigate();
  const { search } = props;
  const change = (patch: Partial<AccessSearch>) =>
    void navigate({
      to: '.',
      replace: true,
      resetScroll: false,
      search: (before: object) => ({ ...before, ...patch }),
    } as Parameters<typeof navigate>[0]);
  return (
    <SplitColumns
      main={
        <Panel title={t('question.title')}>
          <AccessQuestion forSystem={props.project === null} value={search} onChange={change} />
        </Panel>
      }
      side={<Answer project={props.project} search={search} denied={props.denied} />}
    />
  );
}

function Answer(props: { project: string | null; search: AccessSearch; denied: string }) {
  const { t } = useTranslation('access');
  const { data, error, isFetching, refetch } = useExplanation(props.project, props.search);
  const shown = (content: ReactNode) => (
    <Panel>
      <div role="status">{content}</div>
    </Panel>
  );
  if (isStatus(error, ERRORS.NOT_FOUND.status)) return shown(<Text>{t('unknown')}</Text>);
  if (error) return <PageProblem error={error} onRetry={() => void refetch()} denied={props.denied} />;
  if (data !== undefined) return shown(<AccessAnswer question={props.search} answer={data} />);
  return shown(isFetching ? <TextSkeleton lines={3} /> : <Text c="dimmed">{t('ask')}</Text>);
}
