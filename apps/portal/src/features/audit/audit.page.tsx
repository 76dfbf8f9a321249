import { listAuditLogExts } from '@moorage/contracts';
import { PageHeader } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useTitle } from '../../shared/page/use-title.ts';
import { AuditTable } from './audit-table.tsx';
import { OPERATIONS } from './operations.ts';

/** What was done anywhere in the installation. */
export function AuditPage() {
  const { t } = useTranslation('audit');
  const search = useSearch({ from: '/app/signed-in/audit' });
  useTitle(t('title'));
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <AuditTable
        search={search}
        source={(query) => listQuery(listAuditLogExts, { query })}
        operations={OPERATIONS}
        denied={t('denied')}
      />
    </>
  );
}
