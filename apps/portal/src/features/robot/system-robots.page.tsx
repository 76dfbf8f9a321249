import { EmptyState, IconPlus, IconRobot, PageHeader, useShortcut } from '@moorage/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { RobotTable } from './robot-table.tsx';

/** Robots that reach several projects or the system itself. */
export function SystemRobotsPage() {
  const { t } = useTranslation('robot');
  const search = useSearch({ from: '/app/signed-in/robots' });
  const navigate = useNavigate();
  const admin = useIsAdmin();
  useTitle(t('title'));
  useShortcut('KeyC', () => void navigate({ to: '/robots/new' }), admin);
  const create = admin ? (
    <ButtonLink to="/robots/new" look="primary" icon={<IconPlus size={16} aria-hidden />}>
      {t('create.button')}
    </ButtonLink>
  ) : null;
  return (
    <>
      <PageHeader title={t('title')} description={t('systemDescription')} actions={create} />
      <RobotTable
        project={null}
        search={search}
        rights={{ change: admin, remove: admin }}
        denied={t('systemDenied')}
        empty={
          search.q === undefined ? (
            <EmptyState icon={<IconRobot size={28} />} title={t('systemEmpty')} text={t('systemEmptyText')}>
              {create}
            </EmptyState>
          ) : (
            <EmptyState title={t('noMatch')} text={t('noMatchText')} />
          )
        }
      />
    </>
  );
}
