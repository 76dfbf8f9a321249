import type { Artifact } from '@moorage/contracts';
import { EmptyState, IconTag, Panel, TimeAgo } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { Link } from '../../shared/links.tsx';
import { type ArtifactPlace, platformsOf } from './artifact.queries.ts';
import { PlatformTable } from './platform-table.tsx';
import classes from './plain-table.module.css';
import { UsagePanels } from './usage-panels.tsx';

/** What an artifact is called and made of: every platform of an index with its size, and the tags. */
export function ArtifactOverview(props: { place: ArtifactPlace; artifact: Artifact }) {
  const platforms = platformsOf(props.artifact);
  return (
    <>
      {platforms.length > 0 ? <PlatformTable place={props.place} platforms={platforms} /> : null}
      <UsagePanels place={props.place} />
      <TagTable {...props} />
    </>
  );
}

function TagTable(props: { place: ArtifactPlace; artifact: Artifact }) {
  const { t } = useTranslation('artifact');
  const tags = props.artifact.tags ?? [];
  if (tags.length === 0) {
    return (
      <Panel>
        <EmptyState icon={<IconTag size={28} />} title={t('tags.none')} text={t('tags.noneText')} />
      </Panel>
    );
  }
  return (
    <Panel title={t('tags.title', { count: tags.length })} flush>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('tags.column')}</th>
            <th scope="col">{t('facts.pushed')}</th>
            <th scope="col">{t('facts.pushedBy')}</th>
            <th scope="col">{t('facts.pulled')}</th>
          </tr>
        </thead>
        <tbody>
          {tags.map((tag) => (
            <tr key={tag.id}>
              <th scope="row">
                <Link
                  to="/projects/$project/r/$repository/$reference"
                  params={{ ...props.place, reference: tag.name }}
                  search={{}}
                >
                  {tag.name}
                </Link>
              </th>
              <td>
                <TimeAgo value={tag.push_time} />
              </td>
              <td>{tag.pushed_by}</td>
              <td>
                <TimeAgo value={tag.pull_time} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
