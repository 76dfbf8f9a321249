import type { LifecyclePolicy } from '@moorage/contracts';
import { Alert, Button, Code, Modal, Stack, Text, Textarea, useUi } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { draftsOf, type RuleDraft } from './retention-draft.rules.ts';
import { useImportLifecycle } from './retention.queries.ts';

/** Reads a lifecycle policy of Amazon ECR into the form; nothing is saved by it. */
export function LifecycleDialog(props: {
  project: string;
  /** The first key the new rules may have. */
  from: number;
  onRules: (rules: readonly RuleDraft[]) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation('retention');
  const { text } = useUi();
  const problem = useProblem();
  const read = useImportLifecycle(props.project);
  const [written, setWritten] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const policy = parsed(written);
    setWrong(policy === null ? t('ecr.notJson') : null);
    if (policy !== null) read.mutate(policy);
  };
  const found = read.data;
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="lg"
      title={t('ecr.title')}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Textarea
            label={t('ecr.label')}
            description={t('ecr.help')}
            autosize
            minRows={8}
            maxRows={18}
            spellCheck={false}
            data-autofocus
            value={written}
            placeholder='{"rules":[{"rulePriority":1,"selection":{…},"action":{"type":"expire"}}]}'
            error={wrong ?? undefined}
            onChange={(event) => setWritten(event.currentTarget.value)}
          />
          <Failure text={read.error ? problem.text(read.error) : null} />
          {found === undefined ? null : (
            <Alert color="tide" role="status" title={t('ecr.found', { count: found.rules.length })}>
              {found.notes.map((note) => (
                <Text key={`${note.path} ${note.text}`} size="sm">
                  <Code>{note.path}</Code> {note.text}
                </Text>
              ))}
            </Alert>
          )}
          {found === undefined ? (
            <Button type="submit" loading={read.isPending}>
              {t('ecr.read')}
            </Button>
          ) : (
            <Button onClick={() => props.onRules(draftsOf(found.rules, props.from))}>{t('ecr.take')}</Button>
          )}
        </Stack>
      </form>
    </Modal>
  );
}

/** The policy, or what the AWS command line prints of it, its JSON within a text too; the server says what is wrong with it. */
function parsed(text: string): LifecyclePolicy | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'string') return { lifecyclePolicyText: value };
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
