import { listIdentitySources } from '@moorage/contracts';
import { Button, Group, IconShieldLock, IconUsers, Panel, Text } from '@moorage/ui';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { ButtonLink } from '../../shared/links.tsx';

const KEY = 'moorage-first-use';

/** What an administrator of a new installation does first: let people in. Goes away with the first sign-in source. */
export function FirstUse() {
  const { t } = useTranslation('home');
  const [dismissed, setDismissed] = useState(isDismissed);
  const { data } = useLoad({ ...listQuery(listIdentitySources, { query: { page_size: 1 } }), enabled: !dismissed });
  if (dismissed || data === undefined || data.total > 0) return null;
  const dismiss = () => {
    setDismissed(true);
    try {
      localStorage.setItem(KEY, 'done');
    } catch {
      // Without storage it comes back with the next visit.
    }
  };
  return (
    <Panel title={t('firstUse.title')}>
      <Text size="sm" mb="sm">
        {t('firstUse.text')}
      </Text>
      <Group gap="xs">
        <ButtonLink to="/settings/auth" look="primary" icon={<IconShieldLock size={16} aria-hidden />}>
          {t('firstUse.source')}
        </ButtonLink>
        <ButtonLink to="/users" icon={<IconUsers size={16} aria-hidden />}>
          {t('firstUse.users')}
        </ButtonLink>
        <Button variant="subtle" onClick={dismiss}>
          {t('firstUse.dismiss')}
        </Button>
      </Group>
    </Panel>
  );
}

function isDismissed(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
