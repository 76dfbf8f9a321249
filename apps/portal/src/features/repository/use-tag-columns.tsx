import type { RepositoryTag } from '@moorage/contracts';
import { type Column, CopyButton, Digest, IconLock } from '@moorage/ui';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useArtifactKind } from '../../shared/use-artifact-kind.ts';
import { useRegistryPlace } from '../../shared/commands/client-command.tsx';
import { pullCommands } from '../../shared/commands/image-commands.rules.ts';
import { useClientChoice } from '../../shared/commands/use-client-choice.ts';
import { sizeColumn, timeColumn } from '../../shared/list/content-columns.tsx';
import { platformText } from '../../shared/platform.rules.ts';
import { RowLink } from '../../shared/row-link.tsx';
import type { RepositoryPlace } from './repository.queries.ts';
import classes from './tag-cell.module.css';

const SHOWN_PLATFORMS = 2;

/** Columns of the list of tags. */
export function useTagColumns(place: RepositoryPlace): readonly Column<RepositoryTag>[] {
  const { t } = useTranslation('repository');
  const kindOf = useArtifactKind();
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('column.tag'),
        sort: 'version',
        sortsDown: true,
        priority: 'key',
        width: '18rem',
        cell: (row) => <TagName place={place} row={row} />,
      },
      { id: 'digest', header: t('column.digest'), width: '10.5rem', cell: (row) => <Digest value={row.digest} /> },
      {
        id: 'platforms',
        header: t('column.platforms'),
        width: '12rem',
        priority: 'low',
        cell: (row) => <Platforms row={row} />,
      },
      sizeColumn(t('column.size')),
      timeColumn('pushed', t('column.pushed'), 'push_time', (row) => row.push_time),
      { id: 'pushedBy', header: t('column.pushedBy'), width: '9rem', priority: 'low', cell: (row) => row.pushed_by },
      timeColumn('pulled', t('column.pulled'), 'pull_time', (row) => row.pull_time, { priority: 'low' }),
      {
        id: 'type',
        header: t('column.type'),
        width: '7rem',
        startsHidden: true,
        sort: 'type',
        cell: (row) => kindOf(row.type),
      },
    ],
    [t, place, kindOf],
  );
}

function TagName(props: { place: RepositoryPlace; row: RepositoryTag }) {
  const { t } = useTranslation('repository');
  const { place, row } = props;
  const registry = useRegistryPlace();
  const [client] = useClientChoice();
  const commands = pullCommands(
    registry,
    { repository: `${place.project}/${place.repository}`, tag: row.name },
    row.type,
  );
  const command = commands.find((entry) => entry.id === client) ?? commands[0];
  return (
    <span className={classes.name}>
      <RowLink
        to="/projects/$project/r/$repository/$reference"
        params={{ ...place, reference: row.name }}
        className={classes.link}
      >
        {row.name}
      </RowLink>
      {row.immutable ? <IconLock size={13} aria-label={t('tags.immutable')} className={classes.mark} /> : null}
      {command ? (
        <span data-copy-pull>
          <CopyButton value={command.code} label={t('tags.copyPull', { client: command.label, tag: row.name })} quiet />
        </span>
      ) : null}
    </span>
  );
}

/** `y`: copies the pull command of the row that holds focus. */
export function copyFocusedPull(): void {
  document.activeElement?.closest('tr')?.querySelector<HTMLButtonElement>('[data-copy-pull] button')?.click();
}

function Platforms(props: { row: RepositoryTag }) {
  const texts = props.row.platforms.map(platformText).filter((text) => text !== '');
  if (texts.length === 0) return <span className={classes.dim}>–</span>;
  const rest = texts.length - SHOWN_PLATFORMS;
  return (
    <span className={classes.platforms} title={texts.join('\n')}>
      {texts.slice(0, SHOWN_PLATFORMS).map((text) => (
        <span key={text} className={classes.platform}>
          {text}
        </span>
      ))}
      {rest > 0 ? <span className={classes.dim}>+{rest}</span> : null}
    </span>
  );
}
