import { Modal } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { PushGuide } from '../../shared/commands/push-guide.tsx';

/** How to push to a repository. */
export function PushDialog(props: { project: string; repository: string; onClose: () => void }) {
  const { t } = useTranslation(['repository', 'ui']);
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('push')}
      size="lg"
      closeButtonProps={{ 'aria-label': t('ui:actions.close') }}
    >
      <PushGuide project={props.project} repository={props.repository} />
    </Modal>
  );
}
