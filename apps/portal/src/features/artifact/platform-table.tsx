import { type Artifact, listArtifacts } from '@moorage/contracts';
import { Bytes, Panel, shortDigest } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { listQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { Link } from '../../shared/links.tsx';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { platformText } from '../../shared/platform.rules.ts';
import type { ArtifactPlace } from './artifact.queries.ts';
import classes from './plain-table.module.css';

/** More platforms than any index has; the call takes no more at once. */
const MAX_ASKED = 100;

/** The platforms of an index: what each weighs, and a link to pull or look into each. */
export function PlatformTable(props: { place: ArtifactPlace; platforms: NonNullable<Artifact['references']> }) {
  const { t } = useTranslation('artifact');
  const { place, platforms } = props;
  const digests = platforms.slice(0, MAX_ASKED).map((child) => child.child_digest);
  const { data } = useLoad(
    listQuery(listArtifacts, {
      params: { project_name: place.project, repository_name: place.repository },
      query: {
        page_size: MAX_ASKED,
        with_tag: false,
        q: listQueryText([
          { key: 'digest', oneOf: digests },
          { key: 'base', is: '*' },
        ]),
      },
    }),
  );
  const sizes = new Map(data?.rows.map((row) => [row.digest, row.size]));
  return (
    <Panel title={t('platform.label')} flush>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('platform.one')}</th>
            <th scope="col">{t('facts.digest')}</th>
            <th scope="col" data-align="end">
              {t('facts.size')}
            </th>
          </tr>
        </thead>
        <tbody>
          {platforms.map((child) => {
            const size = sizes.get(child.child_digest);
            return (
              <tr key={child.child_digest}>
                <th scope="row">
                  <Link
                    to="/projects/$project/r/$repository/$reference"
                    params={{ ...place }}
                    search={{ tab: 'layers', platform: child.child_digest }}
                  >
                    {platformText(child.platform)}
                  </Link>
                </th>
                <td>
                  <code>{shortDigest(child.child_digest)}</code>
                </td>
                <td data-align="end">{size === undefined ? '' : <Bytes value={size} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Panel>
  );
}
