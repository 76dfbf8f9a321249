import type { Artifact } from '@moorage/contracts';
import { type Column, CopyButton, Count, shortDigest } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useArtifactKind } from '../../shared/use-artifact-kind.ts';
import { sizeColumn, timeColumn } from '../../shared/list/content-columns.tsx';
import { LabelChips } from '../../shared/marks/label-chip.tsx';
import { platformText } from '../../shared/platform.rules.ts';
import { RowLink } from '../../shared/row-link.tsx';
import type { RepositoryPlace } from './repository.queries.ts';
import classes from './tag-cell.module.css';

const SHOWN_TAGS = 3;

/** Columns of the list of artifacts. */
export function useArtifactColumns(place: RepositoryPlace): readonly Column<Artifact>[] {
  const { t } = useTranslation('repository');
  return useMemo(
    () => [
      {
        id: 'digest',
        header: t('column.digest'),
        priority: 'key',
        width: '12rem',
        cell: (row) => (
          <span className={classes.name}>
            <RowLink
              to="/projects/$project/r/$repository/$reference"
              params={{ ...place, reference: row.digest }}
              title={row.digest}
            >
              <code>{shortDigest(row.digest)}</code>
            </RowLink>
            <CopyButton value={row.digest} quiet />
          </span>
        ),
      },
      { id: 'tags', header: t('column.tags'), cell: (row) => <Tags row={row} /> },
      { id: 'type', header: t('column.type'), width: '13rem', cell: (row) => <Type row={row} /> },
      {
        id: 'labels',
        header: t('column.labels'),
        priority: 'low',
        cell: (row) => <LabelChips labels={row.labels ?? []} />,
      },
      {
        id: 'accessories',
        header: t('column.accessories'),
        align: 'end',
        width: '7rem',
        priority: 'low',
        cell: (row) => <Count value={row.accessories?.length ?? 0} />,
      },
      sizeColumn(t('column.size')),
      timeColumn('pushed', t('column.pushed'), 'push_time', (row) => row.push_time),
      timeColumn('pulled', t('column.pulled'), 'pull_time', (row) => row.pull_time, { priority: 'low' }),
    ],
    [t, place],
  );
}

function Tags(props: { row: Artifact }) {
  const { t } = useTranslation('repository');
  const names = (props.row.tags ?? []).map((tag) => tag.name);
  if (names.length === 0) return <span className={classes.dim}>{t('artifacts.untagged')}</span>;
  const rest = names.length - SHOWN_TAGS;
  return (
    <span className={classes.tags} title={names.join('\n')}>
      {names.slice(0, SHOWN_TAGS).map((name) => (
        <span key={name} className={classes.tag} title={name}>
          {name}
        </span>
      ))}
      {rest > 0 ? <span className={classes.dim}>+{rest}</span> : null}
    </span>
  );
}

/** The kind of content; an index says how many platforms it has, an image which one. */
function Type(props: { row: Artifact }) {
  const { t } = useTranslation('repository');
  const { row } = props;
  const kindOf = useArtifactKind();
  const children = row.references?.length ?? 0;
  if (children > 0) return t('artifacts.index', { count: children });
  const { os, architecture, variant } = row.extra_attrs as Record<string, string | undefined>;
  return [kindOf(row.type), platformText({ os, architecture, variant })].filter(Boolean).join(' · ');
}
