import { Modal, Stack, Text } from '@moorage/ui';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInForm } from '../features/session/sign-in-form.tsx';
import { sessionGate } from '../shared/session/session-gate.ts';

/** Asks for the password again when a session ended, over the page, whose typed input stays. */
export function SessionOverlay() {
  const { t } = useTranslation('shell');
  const queries = useQueryClient();
  const name = sessionGate.user() ?? '';
  return (
    <Modal
      opened
      onClose={() => sessionGate.settle(false)}
      title={t('session.endedTitle')}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('session.giveUp') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('session.endedText', { name })}</Text>
        <Suspense>
          <SignInForm
            name={name}
            onSignedIn={(username) => {
              // Another person sees none of what the first one loaded.
              if (username !== name) location.reload();
              sessionGate.settle(true);
              void queries.invalidateQueries();
            }}
          />
        </Suspense>
      </Stack>
    </Modal>
  );
}
