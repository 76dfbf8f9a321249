import { listAllTrash, listTrashedProjects } from '@moorage/contracts';
import { Button, IconTrash, PageHeader } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { TrashTable } from './trash-table.tsx';

const EmptyTrashDialog = lazyPart(() => import('./empty-trash-dialog.tsx'), 'EmptyTrashDialog');

/** Administrators see the trash of all projects; others the projects they deleted themselves. */
export function SystemTrashPage() {
  const { t } = useTranslation('trash');
  const search = useSearch({ from: '/app/signed-in/trash' });
  const admin = useIsAdmin();
  const [emptying, setEmptying] = useState(false);
  useTitle(t('title'));
  return (
    <>
      <PageHeader
        title={t('title')}
        description={admin ? t('systemText') : t('ownText')}
        actions={
          admin ? (
            <Button
              variant="default"
              color="red"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setEmptying(true)}
            >
              {t('emptyAll.action')}
            </Button>
          ) : undefined
        }
      />
      <TrashTable
        of="*"
        search={search}
        source={(query) => (admin ? listQuery(listAllTrash, { query }) : listQuery(listTrashedProjects, { query }))}
        kinds={admin ? ['tag', 'artifact', 'repository', 'project'] : ['project']}
        withProject={admin}
        mayRestore={() => true}
        mayPurge={admin}
      />
      {emptying ? <EmptyTrashDialog project={null} onClose={() => setEmptying(false)} /> : null}
    </>
  );
}
