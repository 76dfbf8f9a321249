import { Button, Facts, FormActions, Text } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../shared/form/failure.tsx';
import type { RobotDraft } from './robot-draft.ts';
import { GrantWords } from '../../shared/permission/grant-words.tsx';
import classes from './robot-wizard.module.css';

/** Everything that will be made, to read before it is. */
export function RobotReviewStep(props: {
  draft: RobotDraft;
  project: string | null;
  busy: boolean;
  failure: string | null;
  onBack: () => void;
  onSubmit: () => void;
}) {
  const { t } = useTranslation(['robot', 'permission']);
  const { draft } = props;
  const where =
    props.project ?? (draft.namespaces.includes('*') ? t('permission:projects.all') : draft.namespaces.join(', '));
  return (
    <div className={classes.step}>
      <Facts
        rows={[
          { label: t('basics.name'), value: draft.name },
          { label: t('basics.description'), value: draft.description },
          {
            label: t('basics.life'),
            value: draft.duration < 0 ? t('basics.forever') : t('basics.days', { count: draft.duration }),
          },
          { label: t('review.projects'), value: draft.projectGrants.size > 0 ? where : null },
          { label: t('permissions.title'), value: <GrantWords grants={draft.projectGrants} /> },
          {
            label: t('permissions.systemTitle'),
            value: draft.systemGrants.size > 0 ? <GrantWords grants={draft.systemGrants} /> : null,
          },
        ]}
      />
      <Text size="sm" c="dimmed">
        {t('review.secret')}
      </Text>
      <Failure text={props.failure} />
      <FormActions>
        <Button onClick={props.onSubmit} loading={props.busy} autoFocus>
          {t('create.submit')}
        </Button>
        <Button variant="default" onClick={props.onBack}>
          {t('step.back')}
        </Button>
      </FormActions>
    </div>
  );
}
