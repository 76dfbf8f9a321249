import { Button, Fields, FormActions, toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import { useProblem } from '../../shared/api/use-problem.ts';
import { StorageLimitField } from '../../shared/form/storage-limit-field.tsx';
import { useSetStorageLimit } from './project.queries.ts';

/** Changes how much a project may hold. */
export function ProjectQuotaForm(props: { projectId: number; limit: number }) {
  const { t } = useTranslation(['project', 'shared']);
  const problem = useProblem();
  const [limit, setLimit] = useState(props.limit);
  const change = useSetStorageLimit(props.projectId);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(limit, {
      onSuccess: () => toast({ tone: 'success', message: t('settings.storageSaved') }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <StorageLimitField
          label={t('settings.storageLimit')}
          value={limit}
          onChange={(bytes) => setLimit(bytes ?? -1)}
        />
        <Failure text={change.error ? problem.text(change.error) : null} />
        <FormActions>
          <Button type="submit" variant="default" loading={change.isPending} disabled={limit === props.limit}>
            {t('shared:save')}
          </Button>
        </FormActions>
      </Fields>
    </form>
  );
}
