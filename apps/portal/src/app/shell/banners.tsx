import { ActionIcon, IconAlertTriangle, IconInfoCircle, IconWifiOff, IconX, useNow } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { systemInfoQuery } from '../../shared/session/session.queries.ts';
import { bannerOf } from './banner.rules.ts';
import classes from './shell.module.css';

/** What concerns every page: no network, read-only mode, and the administrator's message. */
export function Banners() {
  const { t } = useTranslation('shell');
  const { data: info } = useQuery(systemInfoQuery);
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const [dismissed, setDismissed] = useState<string | null>(null);
  const banner = bannerOf(info?.banner_message, useNow());
  return (
    <>
      {online ? null : (
        <Banner tone="warning" icon={<IconWifiOff size={18} aria-hidden />}>
          {t('banner.offline')}
        </Banner>
      )}
      {info?.read_only ? (
        <Banner tone="warning" icon={<IconAlertTriangle size={18} aria-hidden />}>
          {t('banner.readOnly')}
        </Banner>
      ) : null}
      {banner && dismissed !== banner.message ? (
        <Banner
          tone={banner.tone}
          icon={<IconInfoCircle size={18} aria-hidden />}
          onClose={banner.closable ? () => setDismissed(banner.message) : undefined}
        >
          {banner.message}
        </Banner>
      ) : null}
    </>
  );
}

function Banner(props: { tone: string; icon: ReactNode; onClose?: (() => void) | undefined; children: ReactNode }) {
  const { t } = useTranslation('ui');
  return (
    <div className={classes.banner} data-tone={props.tone} role="status">
      {props.icon}
      <span className={classes.bannerText}>{props.children}</span>
      {props.onClose ? (
        <ActionIcon aria-label={t('actions.dismiss')} onClick={props.onClose}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      ) : null}
    </div>
  );
}

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}
