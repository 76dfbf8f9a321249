import { Modal, Stack, Text } from '@moorage/ui';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionGate } from '../shared/session/session-gate.ts';

const SignInForm = lazy(async () => ({ default: (await import('../features/session/sign-in-form.tsx')).SignInForm }));

/** Asks for the password again when a session ended, over the page, whose typed input stays. */
export function SessionOverlay() {
  const { t } = useTranslation('shell');
  const queries = useQueryClient();
  const asking = useSyncExternalStore(sessionGate.subscribe, sessionGate.isAsking);
  const name = sessionGate.user() ?? '';
  return (
    <Modal
      opened={asking}
      onClose={() => sessionGate.settle(false)}
      title={t('session.endedTitle')}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('session.giveUp') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('session.endedText', { name })}</Text>
        {asking ? (
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
        ) : null}
      </Stack>
    </Modal>
  );
}
