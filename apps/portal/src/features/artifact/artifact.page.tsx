import type { Artifact } from '@moorage/contracts';
import { Badge, PageHeader, PageSkeleton, shortDigest, SplitColumns, Stack, TabBar } from '@moorage/ui';
import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { kindText } from '../../shared/artifact-kind.rules.ts';
import { Link, TabLink } from '../../shared/links.tsx';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { ArtifactFacts } from './artifact-facts.tsx';
import { type ArtifactPlace, artifactQuery, platformsOf } from './artifact.queries.ts';
import type { ArtifactSearch } from './artifact-search.ts';
import { ConfigView } from './config-view.tsx';
import { LayersView } from './layers-view.tsx';
import { PlatformSwitch } from './platform-switch.tsx';
import { PullPanel } from './pull-panel.tsx';
import { RawView } from './raw-view.tsx';
import { ReferrersView } from './referrers-view.tsx';

/** An artifact: how to get it, what is inside, what refers to it. */
export function ArtifactPage() {
  const place = useParams({ from: '/app/projects/$project/r/$repository/$reference' });
  const search = useSearch({ from: '/app/projects/$project/r/$repository/$reference' });
  const { data: artifact, error, refetch } = useLoad(artifactQuery(place));
  useTitle(titleOf(place), place.project);
  useLiveRefresh([`repository:${place.project}/${place.repository}`]);

  if (error) return <PageProblem error={error} onRetry={refetch} />;
  if (artifact === undefined) return <PageSkeleton />;
  const children = platformsOf(artifact);
  const shown = children.find((child) => child.child_digest === search.platform) ?? children[0];
  // What an index holds is looked at through one of its children.
  const inside: ArtifactPlace = { ...place, reference: shown?.child_digest ?? place.reference };
  return (
    <>
      <PageHeader
        trail={<Trail place={place} />}
        title={titleOf(place)}
        badges={<Badges artifact={artifact} />}
        tabs={<Tabs place={place} search={search} referrers={artifact.accessories?.length ?? 0} />}
      />
      <SplitColumns
        main={
          <>
            {children.length > 0 && search.tab !== 'referrers' ? (
              <PlatformSwitch place={place} options={children} selected={shown?.child_digest} tab={search.tab} />
            ) : null}
            {search.tab === undefined ? <LayersView place={inside} /> : null}
            {search.tab === 'config' ? <ConfigView place={inside} /> : null}
            {search.tab === 'referrers' ? <ReferrersView place={place} /> : null}
            {search.tab === 'raw' ? (
              <RawView place={{ ...place, reference: search.platform ?? place.reference }} />
            ) : null}
          </>
        }
        side={
          <Stack gap={20}>
            <PullPanel place={place} artifact={artifact} platformDigest={search.platform} />
            <ArtifactFacts artifact={artifact} />
          </Stack>
        }
      />
    </>
  );
}

function titleOf(place: ArtifactPlace): string {
  return place.reference.includes(':')
    ? `${place.repository}@${shortDigest(place.reference)}`
    : `${place.repository}:${place.reference}`;
}

function Trail(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  const { project, repository } = props.place;
  return (
    <>
      <Link to="/projects">{t('projects')}</Link>
      <span aria-hidden>/</span>
      <Link to="/projects/$project/repositories" params={{ project }}>
        {project}
      </Link>
      <span aria-hidden>/</span>
      <Link to="/projects/$project/r/$repository" params={{ project, repository }}>
        {repository}
      </Link>
    </>
  );
}

function Badges(props: { artifact: Artifact }) {
  const { t } = useTranslation('artifact');
  const { artifact } = props;
  const children = artifact.references?.length ?? 0;
  return (
    <>
      <Badge color="gray">{children > 0 ? t('index', { count: children }) : kindText(artifact.type)}</Badge>
      {(artifact.tags ?? []).slice(0, 6).map((tag) => (
        <Badge key={tag.id}>{tag.name}</Badge>
      ))}
    </>
  );
}

function Tabs(props: { place: ArtifactPlace; search: ArtifactSearch; referrers: number }) {
  const { t } = useTranslation('artifact');
  const tab = (name: ArtifactSearch['tab']) => ({
    to: '/projects/$project/r/$repository/$reference' as const,
    params: { ...props.place },
    search: { tab: name, platform: props.search.platform },
    activeOptions: { includeSearch: true, explicitUndefined: true },
  });
  return (
    <TabBar label={t('tab.label')}>
      <TabLink {...tab(undefined)}>{t('tab.layers')}</TabLink>
      <TabLink {...tab('config')}>{t('tab.config')}</TabLink>
      <TabLink {...tab('referrers')} count={props.referrers}>
        {t('tab.referrers')}
      </TabLink>
      <TabLink {...tab('raw')}>{t('tab.raw')}</TabLink>
    </TabBar>
  );
}
