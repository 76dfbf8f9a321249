import { listRepositoryTags, type RepositoryTag } from '@moorage/contracts';
import { listQuery } from '../../shared/api/query.ts';
import { listQueryText } from '../../shared/list/list-query.rules.ts';
import { useSelection } from '../../shared/list/use-selection.ts';
import type { RepositoryPlace, TagOnDigest } from './repository.queries.ts';

/** What a person chose of the list of tags: some by name, over several pages, or all that match the filter. */
export interface TagChoice {
  readonly tags: readonly TagOnDigest[];
  /** The filter all of whose matches are chosen; undefined while single tags are. */
  readonly matching: { readonly q: string | undefined; readonly count: number } | undefined;
}

const nameOf = (row: RepositoryTag) => row.name;

/** Keeps the chosen tags over pages, orders and a reload. Another filter ends "all that match": it would mean other tags. */
export function useTagSelection(
  place: RepositoryPlace,
  list: { rows: readonly RepositoryTag[] | undefined; total: number; q: string | undefined },
) {
  const { project, repository } = place;
  const { items, ...selection } = useSelection<RepositoryTag>({
    name: `tags:${project}/${repository}`,
    rows: list.rows,
    keyOf: nameOf,
    filter: list.q,
    only: (names) =>
      listQuery(listRepositoryTags, {
        params: { project_name: project, repository_name: repository },
        query: { page: 1, page_size: names.length, sort: 'name', q: listQueryText([{ key: 'name', oneOf: names }]) },
      }),
  });
  const choice: TagChoice = {
    tags: items.map(({ name, digest }) => ({ name, digest })),
    matching: selection.matching.chosen ? { q: list.q, count: list.total } : undefined,
  };
  return { ...selection, choice };
}
