import type { Repository } from '@moorage/contracts';
import {
  Button,
  Count,
  EmptyState,
  ExactTime,
  Facts,
  Fields,
  FormActions,
  IconPencil,
  Panel,
  SplitColumns,
  Textarea,
  toast,
} from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import { Markdown } from '../../shared/markdown/markdown.tsx';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { useProblem } from '../../shared/api/use-problem.ts';
import { type RepositoryPlace, useDescribeRepository } from './repository.queries.ts';

/** What a repository is for. */
export function RepositoryAbout(props: { place: RepositoryPlace; repository: Repository }) {
  const { t } = useTranslation('repository');
  const { repository } = props;
  const { can } = useProjectAccess(repository.project_id);
  const [editing, setEditing] = useState(false);
  const mayEdit = can('repository:update');
  const edit = mayEdit ? (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPencil size={15} aria-hidden />}
      onClick={() => setEditing(true)}
    >
      {t('about.edit')}
    </Button>
  ) : null;
  return (
    <SplitColumns
      main={
        <Panel title={t('about.description')} actions={editing || repository.description === '' ? null : edit}>
          {editing ? (
            <DescriptionForm {...props} onDone={() => setEditing(false)} />
          ) : repository.description === '' ? (
            <EmptyState title={t('about.empty')} text={t('about.emptyText')}>
              {edit}
            </EmptyState>
          ) : (
            <Markdown text={repository.description} />
          )}
        </Panel>
      }
      side={
        <Panel title={t('about.facts')}>
          <Facts
            rows={[
              { label: t('column.tags'), value: <Count value={repository.tag_count ?? 0} /> },
              { label: t('column.artifacts'), value: <Count value={repository.artifact_count} /> },
              { label: t('column.pulls'), value: <Count value={repository.pull_count} /> },
              { label: t('column.lastPush'), value: <ExactTime value={repository.last_push_time} /> },
              { label: t('column.created'), value: <ExactTime value={repository.creation_time} /> },
            ]}
          />
        </Panel>
      }
    />
  );
}

function DescriptionForm(props: { place: RepositoryPlace; repository: Repository; onDone: () => void }) {
  const { t } = useTranslation(['repository', 'shared', 'ui']);
  const problem = useProblem();
  const [text, setText] = useState(props.repository.description);
  const save = useDescribeRepository(props.place);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(text, {
      onSuccess: () => {
        toast({ tone: 'success', message: t('about.saved') });
        props.onDone();
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <Textarea
          label={t('about.description')}
          description={t('about.markdown')}
          autosize
          minRows={6}
          maxRows={20}
          value={text}
          autoFocus
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event);
          }}
        />
        <Failure text={save.error ? problem.text(save.error) : null} />
        <FormActions>
          <Button type="submit" loading={save.isPending}>
            {t('shared:save')}
          </Button>
          <Button variant="default" onClick={props.onDone}>
            {t('ui:actions.cancel')}
          </Button>
        </FormActions>
      </Fields>
    </form>
  );
}
