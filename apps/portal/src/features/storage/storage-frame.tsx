import { DeniedState, PageHeader } from '@moorage/ui';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useIsAdmin } from '../../shared/session/session.queries.ts';

/** What surrounds the pages about the bytes of the installation. */
export function StorageFrame() {
  const { t } = useTranslation('storage');
  const admin = useIsAdmin();
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {admin ? <Outlet /> : <DeniedState text={t('denied')} />}
    </>
  );
}
