import { search, searchArtifacts } from '@moorage/contracts';
import {
  IconBox,
  IconClipboardCheck,
  IconFolder,
  IconFolders,
  IconHistory,
  IconHome,
  IconPlus,
  IconRobot,
  IconSettings,
  IconTag,
  IconUser,
  IconUsers,
  type PaletteGroup,
  type PaletteItem,
  shortDigest,
} from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { listQuery, objectQuery } from '../../shared/api/query.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useCurrentUser, useIsAdmin } from '../../shared/session/session.queries.ts';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { artifactConditions, artifactPlace, isDigestPart, nameAndTag } from './find.rules.ts';
import { useRecentPlaces } from './recent-places.ts';

const SHOWN = 6;

/** Everything the palette offers for what was typed: places, projects, repositories, tags and digests of all projects one may see. */
export function useFindGroups(typed: string, settled: string, opened: boolean) {
  const { t } = useTranslation('shell');
  const actions = useActions(typed);
  const recent = useRecent(typed, opened);
  const found = useFound(settled, opened);
  const artifacts = useArtifacts(settled, opened);
  const groups: PaletteGroup[] = [
    { id: 'recent', label: t('find.recent'), items: recent },
    { id: 'tags', label: t('find.tags'), items: artifacts.items },
    { id: 'projects', label: t('nav.projects'), items: found.projects },
    { id: 'repositories', label: t('find.repositories'), items: found.repositories },
    { id: 'actions', label: t('find.actions'), items: actions },
  ];
  return { groups, busy: found.busy || artifacts.busy };
}

function useFound(settled: string, opened: boolean) {
  const navigate = useNavigate();
  const { name, tag } = nameAndTag(settled);
  const enabled = opened && name !== '' && !isDigestPart(settled);
  const { data, isFetching } = useQuery({ ...objectQuery(search, { query: { q: name } }), enabled });
  if (!enabled) return { projects: [], repositories: [], busy: false };
  const projects: PaletteItem[] = (data?.project ?? []).slice(0, SHOWN).map((project) => ({
    id: `project-${project.project_id}`,
    label: project.name,
    icon: <IconFolder size={17} />,
    run: () => void navigate({ to: '/projects/$project', params: { project: project.name } }),
  }));
  const repositories: PaletteItem[] = (data?.repository ?? []).slice(0, SHOWN).map((repository) => ({
    id: `repository-${repository.repository_name.replaceAll(/[^\w-]/g, '_')}`,
    label: tag === '' ? repository.repository_name : `${repository.repository_name}:${tag}`,
    icon: <IconBox size={17} />,
    run: () =>
      void navigate({
        to: '/projects/$project/r/$repository',
        params: placeOfRepository(repository.repository_name),
        search: tag === '' ? {} : { q: tag },
      }),
  }));
  return { projects: tag === '' ? projects : [], repositories, busy: isFetching };
}

/** Tags by part of their name and artifacts by the beginning of their digest, in every project one may see. */
function useArtifacts(settled: string, opened: boolean) {
  const navigate = useNavigate();
  const byDigest = isDigestPart(settled);
  // The server wants at least four digits of a digest.
  const tooShort = settled.length < 2 || /^sha\d+:[0-9a-f]{0,3}$/.test(settled);
  const enabled = opened && !tooShort && !settled.includes(' ');
  const wanted = nameAndTag(settled).tag || settled;
  const q = listQueryText(artifactConditions(settled));
  const { data, isFetching } = useQuery({
    ...listQuery(searchArtifacts, { query: { q, page_size: SHOWN, sort: '-push_time' } }),
    enabled,
  });
  if (!enabled) return { items: [], busy: false };
  const items: PaletteItem[] = (data?.rows ?? []).map((artifact) => {
    const tag = artifact.tags.find((name) => byDigest || name.includes(wanted));
    const full = artifact.repository_name;
    return {
      id: `artifact-${artifact.id}`,
      label: tag ? `${full}:${tag}` : full,
      detail: shortDigest(artifact.digest),
      icon: <IconTag size={17} />,
      run: () =>
        void navigate({
          to: '/projects/$project/r/$repository/$reference',
          params: artifactPlace(full, tag ?? artifact.digest),
        }),
    };
  });
  return { items, busy: isFetching };
}

function useRecent(typed: string, opened: boolean): PaletteItem[] {
  const navigate = useNavigate();
  const places = useRecentPlaces(opened);
  if (typed !== '') return [];
  return places.map((entry, index) => ({
    id: `recent-${index}`,
    label: entry.title,
    icon: <IconHistory size={17} />,
    run: () => void navigate({ href: entry.href }),
  }));
}

function useActions(typed: string): PaletteItem[] {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const user = useCurrentUser();
  const admin = useIsAdmin();
  const go = (to: '/' | '/projects' | '/users' | '/robots' | '/audit' | '/settings' | '/me') => () =>
    void navigate({ to });
  const all: (PaletteItem & { shown: boolean })[] = [
    { id: 'home', label: t('nav.home'), keys: 'g h', icon: <IconHome size={17} />, run: go('/'), shown: user !== null },
    {
      id: 'all',
      label: t('nav.projects'),
      keys: 'g p',
      icon: <IconFolders size={17} />,
      run: go('/projects'),
      shown: true,
    },
    {
      id: 'new',
      label: t('find.newProject'),
      icon: <IconPlus size={17} />,
      run: () => void navigate({ to: '/projects', search: { create: true } }),
      shown: user !== null,
    },
    { id: 'users', label: t('nav.users'), keys: 'g u', icon: <IconUsers size={17} />, run: go('/users'), shown: admin },
    {
      id: 'robots',
      label: t('nav.robots'),
      keys: 'g r',
      icon: <IconRobot size={17} />,
      run: go('/robots'),
      shown: admin,
    },
    {
      id: 'audit',
      label: t('nav.audit'),
      keys: 'g a',
      icon: <IconClipboardCheck size={17} />,
      run: go('/audit'),
      shown: admin,
    },
    {
      id: 'settings',
      label: t('nav.settings'),
      keys: 'g s',
      icon: <IconSettings size={17} />,
      run: go('/settings'),
      shown: admin,
    },
    {
      id: 'me',
      label: t('nav.profile'),
      keys: 'g m',
      icon: <IconUser size={17} />,
      run: go('/me'),
      shown: user !== null,
    },
  ];
  const needle = typed.toLowerCase();
  return all.filter((item) => item.shown && item.label.toLowerCase().includes(needle));
}
