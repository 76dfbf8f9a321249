import { Button, Checkbox, Fields, FormActions, NumberInput, toast } from '@moorage/ui';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProblem } from '../../shared/api/use-problem.ts';
import { Failure } from '../../shared/form/failure.tsx';
import { useSetTrashDays } from './project.queries.ts';

const USUAL_DAYS = 7;
const MOST_DAYS = 9999;

/** For how long the trash of a project keeps what is deleted; null for as long as the settings of the system say. */
export function TrashDaysForm(props: { project: string; days: number | null; mayChange: boolean }) {
  const { t } = useTranslation(['project', 'shared']);
  const problem = useProblem();
  const [days, setDays] = useState(props.days);
  const change = useSetTrashDays(props.project);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(days, { onSuccess: () => toast({ tone: 'success', message: t('settings.trashSaved') }) });
  };
  return (
    <form onSubmit={submit}>
      <Fields>
        <Checkbox
          label={t('settings.trashAsSystem')}
          disabled={!props.mayChange}
          checked={days === null}
          onChange={(event) => setDays(event.currentTarget.checked ? null : USUAL_DAYS)}
        />
        <NumberInput
          label={t('settings.trashDays')}
          description={t('settings.trashDaysHelp')}
          w={260}
          maw="100%"
          min={0}
          max={MOST_DAYS}
          allowDecimal={false}
          disabled={!props.mayChange || days === null}
          value={days ?? ''}
          onChange={(value) => setDays(Math.min(MOST_DAYS, Math.max(0, Number(value) || 0)))}
        />
        <Failure text={change.error ? problem.text(change.error) : null} />
        {props.mayChange ? (
          <FormActions>
            <Button type="submit" variant="default" loading={change.isPending} disabled={days === props.days}>
              {t('shared:save')}
            </Button>
          </FormActions>
        ) : null}
      </Fields>
    </form>
  );
}
