import { DeniedState, IconPlus, PageHeader, Text, useShortcut } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useProjectAccess } from '../../shared/access/access.queries.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { useProject } from '../../shared/project/project.queries.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { useRulePlaces } from './rule-places.tsx';
import { RuleTable } from './rule-table.tsx';

/** Which CI jobs a project trusts without any stored secret. */
export function FederationListPage() {
  const { t } = useTranslation('federation');
  const project = useProject();
  const search = useSearch({ from: '/app/projects/$project/federation' });
  const { can, known } = useProjectAccess(project.project_id);
  const { toNew } = useRulePlaces(project.name);
  const params = { project: project.name };
  const mayCreate = can('federation:create');
  useTitle(t('title'), project.name);
  useShortcut('KeyC', toNew, mayCreate);
  if (!known) return null;
  if (!can('federation:list')) return <DeniedState text={t('denied')} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('description')}
      </Text>
      <RuleTable
        scope={project.name}
        search={search}
        denied={t('denied')}
        emptyText={t('emptyText')}
        tools={
          mayCreate ? (
            <>
              <ButtonLink
                to="/projects/$project/federation/new"
                params={params}
                look="primary"
                small
                icon={<IconPlus size={16} aria-hidden />}
              >
                {t('create.button')}
              </ButtonLink>
              <ButtonLink to="/projects/$project/federation/try" params={params} small>
                {t('try.title')}
              </ButtonLink>
            </>
          ) : null
        }
      />
    </>
  );
}

/** Which CI jobs the whole registry trusts: rules that reach several projects, or the registry itself. */
export function SystemFederationPage() {
  const { t } = useTranslation('federation');
  const search = useSearch({ from: '/app/signed-in/federation' });
  const admin = useIsAdmin();
  const { toNew } = useRulePlaces(null);
  useTitle(t('title'));
  useShortcut('KeyC', toNew, admin);
  if (!admin) return <DeniedState text={t('systemDenied')} />;
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('systemDescription')}
        actions={
          <>
            <ButtonLink to="/federation/try">{t('try.title')}</ButtonLink>
            <ButtonLink to="/federation/new" look="primary" icon={<IconPlus size={16} aria-hidden />}>
              {t('create.button')}
            </ButtonLink>
          </>
        }
      />
      <RuleTable
        scope={null}
        search={search}
        denied={t('systemDenied')}
        emptyText={t('systemEmptyText')}
        tools={null}
      />
    </>
  );
}
