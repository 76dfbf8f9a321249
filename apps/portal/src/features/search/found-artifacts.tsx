import type { ResponseOf, searchArtifacts } from '@moorage/contracts';
import { Badge, Button, Digest, Group, Panel, Text, TextSkeleton, TimeAgo } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { useArtifactKind } from '../../shared/use-artifact-kind.ts';
import { Link } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import { placeOfRepository } from '../../shared/repository-name.rules.ts';
import { useFoundArtifacts } from './search.queries.ts';
import type { Sought } from './search-search.ts';
import classes from './search.module.css';

type Found = ResponseOf<typeof searchArtifacts>[number];

/** Artifacts that fit, the newest first; more are fetched when asked for. */
export function FoundArtifacts(props: { by: Sought; text: string }) {
  const { t } = useTranslation('search');
  const { by, text } = props;
  const { rows, asked, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useFoundArtifacts(by, text);
  return (
    <Panel title={t('artifacts')}>
      {asked ? null : <Text size="sm">{t('notDigest')}</Text>}
      {error ? <PageProblem error={error} onRetry={() => void refetch()} /> : null}
      {asked && rows === undefined && !error ? <TextSkeleton lines={5} /> : null}
      {rows?.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('nothing')}
        </Text>
      ) : null}
      {rows !== undefined && rows.length > 0 ? (
        <ul className={classes.list} aria-label={t('artifacts')}>
          {rows.map((row) => (
            <FoundArtifact key={row.id} row={row} by={by} text={text} />
          ))}
        </ul>
      ) : null}
      {hasNextPage ? (
        <Group mt="md">
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('more')}
          </Button>
        </Group>
      ) : null}
    </Panel>
  );
}

function FoundArtifact(props: { row: Found; by: Sought; text: string }) {
  const { row, by, text } = props;
  const kindOf = useArtifactKind();
  const tag = row.tags.find((name) => by !== 'tag' || name.includes(text)) ?? row.tags[0];
  const params = { ...placeOfRepository(row.repository_name), reference: tag ?? row.digest };
  return (
    <li className={classes.found}>
      <Link to="/projects/$project/r/$repository/$reference" params={params}>
        {tag === undefined ? row.repository_name : `${row.repository_name}:${tag}`}
      </Link>
      <span className={classes.facts}>
        <Digest value={row.digest} />
        <span>{kindOf(row.type)}</span>
        <TimeAgo value={row.push_time} />
        {row.labels.map((label) => (
          <Badge key={label} color="gray">
            {label}
          </Badge>
        ))}
        {by === 'annotation' ? <span>{annotationText(row, text)}</span> : null}
      </span>
    </li>
  );
}

function annotationText(row: Found, text: string): string {
  const [key = ''] = text.split('=');
  const value = row.annotations?.[key];
  return value === undefined ? '' : `${key}=${value}`;
}
