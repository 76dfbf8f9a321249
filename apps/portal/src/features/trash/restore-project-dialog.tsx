import type { TrashItem } from '@moorage/contracts';
import { Switch, Text, TextInput, toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { FormDialog } from '../../shared/form/form-dialog.tsx';
import { useProjectRestoration } from './trash.queries.ts';

/** Brings a deleted project back; under another name when its own is taken again. */
export function RestoreProjectDialog(props: { item: TrashItem; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('trash');
  const problem = useProblem();
  const restore = useProjectRestoration();
  const { item } = props;
  const [name, setName] = useState<string | undefined>(undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    restore.mutate(
      { item, name },
      {
        onSuccess: () => {
          toast({ tone: 'success', message: t('restore.done', { name: name || item.title }) });
          props.onDone();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t('restore.title', { name: item.title })}
      submitLabel={t('restore.action')}
      busy={restore.isPending}
      failure={restore.error ? problem.text(restore.error) : null}
      onClose={props.onClose}
      onSubmit={submit}
    >
      <Text size="sm">{t('restore.project')}</Text>
      <Switch
        label={t('restore.renamed')}
        checked={name !== undefined}
        onChange={(event) => setName(event.currentTarget.checked ? '' : undefined)}
      />
      {name === undefined ? null : (
        <TextInput
          label={t('restore.projectName')}
          value={name}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
    </FormDialog>
  );
}
