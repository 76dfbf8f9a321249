import { Modal, Stack, Text } from '@moorage/ui';
import { getCurrentUserInfo } from '@moorage/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInChoices } from '../features/session/sign-in-choices.tsx';
import { SignInForm } from '../features/session/sign-in-form.tsx';
import { callAsIs } from '../shared/api/client.ts';
import { sessionGate } from '../shared/session/session-gate.ts';

const POLL_MS = 1_000;

/** Asks for a new sign-in when a session ended, over the page, whose typed input stays. Providers open in a window of their own. */
export function SessionOverlay() {
  const { t } = useTranslation('shell');
  const queries = useQueryClient();
  const name = sessionGate.user() ?? '';
  const [away, setAway] = useState(false);
  const goOn = (username: string) => {
    // Another person sees none of what the first one loaded.
    if (username !== name) location.reload();
    sessionGate.settle(true);
    void queries.invalidateQueries();
  };
  useReturn(away, goOn);
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
        {away ? (
          <Text size="sm" role="status">
            {t('session.elsewhere')}
          </Text>
        ) : null}
        <Suspense>
          <SignInChoices
            returnTo="/signed-in"
            onOpenProvider={(address) => {
              window.open(address, 'moorage-sign-in', 'popup,width=520,height=720');
              setAway(true);
            }}
          >
            <SignInForm name={name} onSignedIn={goOn} />
          </SignInChoices>
        </Suspense>
      </Stack>
    </Modal>
  );
}

/** Looks once a second whether the sign-in in the other window has brought a session. */
function useReturn(waiting: boolean, onReturn: (username: string) => void): void {
  const returned = useEffectEvent(onReturn);
  useEffect(() => {
    if (!waiting) return undefined;
    const timer = setInterval(() => {
      callAsIs(getCurrentUserInfo, {}).then(
        ({ data }) => returned(data.username),
        () => undefined,
      );
    }, POLL_MS);
    return () => clearInterval(timer);
  }, [waiting]);
}
