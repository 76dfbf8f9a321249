import { Alert, Button, Group } from '@moorage/ui';
import { useTranslation } from 'react-i18next';

/** Says that a form holds what was written before the page was loaded again, and offers to give that up. */
export function RestoredDraft(props: { onDiscard: () => void }) {
  const { t } = useTranslation('shared');
  return (
    <Alert color="tide" mb="md" role="status">
      <Group justify="space-between" gap="xs">
        {t('draft.restored')}
        <Button size="xs" variant="default" onClick={props.onDiscard}>
          {t('draft.discard')}
        </Button>
      </Group>
    </Alert>
  );
}
