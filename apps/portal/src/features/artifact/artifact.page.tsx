import type { Artifact } from '@moorage/contracts';
import { Badge, PageHeader, PageSkeleton, shortDigest, SplitColumns, Stack, TabBar } from '@moorage/ui';
import { useParams, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../../shared/api/use-load.ts';
import { useArtifactKind } from '../../shared/use-artifact-kind.ts';
import { lazyPart } from '../../shared/lazy-part.tsx';
import { ButtonLink, Link, TabLink } from '../../shared/links.tsx';
import { useLiveRefresh } from '../../shared/live/use-live-refresh.ts';
import { ArtifactLabels } from '../../shared/marks/artifact-labels.tsx';
import { ArtifactProtection } from '../../shared/marks/artifact-protection.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { useTitle } from '../../shared/page/use-title.ts';
import { viewsOf } from './addition.rules.ts';
import { ArtifactFacts } from './artifact-facts.tsx';
import { ArtifactOverview } from './artifact-overview.tsx';
import { type ArtifactPlace, artifactQuery, platformsOf } from './artifact.queries.ts';
import type { ArtifactSearch, ArtifactView } from './artifact-search.ts';
import { referenceOfPlace } from './compare-reference.rules.ts';
import { LayersView } from './layers-view.tsx';
import { PlatformSwitch } from './platform-switch.tsx';
import { PullPanel } from './pull-panel.tsx';

const ConfigView = lazyPart(() => import('./config-view.tsx'), 'ConfigView');
const HistoryView = lazyPart(() => import('./history-view.tsx'), 'HistoryView');
const AdditionContent = lazyPart(() => import('./addition-view.tsx'), 'AdditionContent');
const ReferrersView = lazyPart(() => import('./referrers-view.tsx'), 'ReferrersView');
const RawView = lazyPart(() => import('./raw-view.tsx'), 'RawView');

/** The views that look into one platform of an index. */
const BY_PLATFORM: readonly (ArtifactView | undefined)[] = ['layers', 'config', 'history', 'raw'];

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
        actions={<CompareLink place={place} />}
        tabs={<Tabs place={place} search={search} artifact={artifact} />}
      />
      <SplitColumns
        main={
          <>
            {children.length > 0 && BY_PLATFORM.includes(search.tab) ? (
              <PlatformSwitch place={place} options={children} selected={shown?.child_digest} tab={search.tab} />
            ) : null}
            <View place={place} inside={inside} artifact={artifact} search={search} />
          </>
        }
        side={
          <Stack gap={20}>
            <PullPanel place={place} artifact={artifact} platformDigest={search.platform} />
            <ArtifactLabels place={place} labels={artifact.labels ?? []} />
            <ArtifactProtection place={place} artifact={artifact} />
            <ArtifactFacts artifact={artifact} />
          </Stack>
        }
      />
    </>
  );
}

function View(props: { place: ArtifactPlace; inside: ArtifactPlace; artifact: Artifact; search: ArtifactSearch }) {
  const { place, inside, artifact, search } = props;
  switch (search.tab) {
    case undefined:
      return <ArtifactOverview place={place} artifact={artifact} />;
    case 'layers':
      return <LayersView place={inside} />;
    case 'config':
      return <ConfigView place={inside} />;
    case 'history':
      return <HistoryView place={inside} />;
    case 'referrers':
      return <ReferrersView place={place} />;
    case 'raw':
      return <RawView place={{ ...place, reference: search.platform ?? place.reference }} />;
    default:
      return <AdditionContent key={search.tab} place={place} view={search.tab} />;
  }
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

function CompareLink(props: { place: ArtifactPlace }) {
  const { t } = useTranslation('artifact');
  return (
    <ButtonLink
      to="/projects/$project/compare"
      params={{ project: props.place.project }}
      search={{ a: referenceOfPlace(props.place) }}
    >
      {t('compare.with')}
    </ButtonLink>
  );
}

function Badges(props: { artifact: Artifact }) {
  const { t } = useTranslation('artifact');
  const kindOf = useArtifactKind();
  const { artifact } = props;
  const children = artifact.references?.length ?? 0;
  return (
    <>
      <Badge color="gray">{children > 0 ? t('index', { count: children }) : kindOf(artifact.type)}</Badge>
      {(artifact.tags ?? []).slice(0, 6).map((tag) => (
        <Badge key={tag.id}>{tag.name}</Badge>
      ))}
    </>
  );
}

function Tabs(props: { place: ArtifactPlace; search: ArtifactSearch; artifact: Artifact }) {
  const { t } = useTranslation('artifact');
  const tab = (name: ArtifactSearch['tab']) => ({
    to: '/projects/$project/r/$repository/$reference' as const,
    params: { ...props.place },
    search: { tab: name, platform: props.search.platform },
    activeOptions: { includeSearch: true, explicitUndefined: true },
  });
  return (
    <TabBar label={t('tab.label')}>
      <TabLink {...tab(undefined)}>{t('tab.overview')}</TabLink>
      {viewsOf(props.artifact).map((view) => (
        <TabLink
          key={view}
          {...tab(view)}
          count={view === 'referrers' ? (props.artifact.accessories?.length ?? 0) : undefined}
        >
          {t(`tab.${view}`)}
        </TabLink>
      ))}
    </TabBar>
  );
}
