import { AppError, listArtifacts, type ListSpec, listRepositoryTags } from '@moorage/contracts';
import { allOf, conditionSql, type Database, type Statement, sql } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { artifactColumns, LISTED, splitConditions, tagColumns } from '../artifact/index.ts';
import { digestBytes } from '../content/index.ts';
import { parseConditions, type ProjectRef } from '../http/index.ts';

/** What one removal may take; whoever has more repeats it. */
const MAX_SELECTED = 100_000;

/** What a request asks for, as the API takes it. */
export interface Selection {
  readonly mode: 'untag' | 'delete';
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  readonly matching?: { readonly kind: 'tags' | 'artifacts'; readonly q: string } | undefined;
}

/** A tag that is there, with what it points at; digests are the hex of their column. */
export interface SelectedTag {
  readonly name: string;
  readonly digest: string;
}

const M = sql`m`;
const TAG_LIST = listRepositoryTags.list as ListSpec;
const ARTIFACT_LIST = listArtifacts.list as ListSpec;

/** Finds out what a removal is about: what was named, and what a list shows under a filter. */
export class RemovalSelectionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Throws NOT_FOUND. */
  async requireRepository(project: ProjectRef, repository: string): Promise<number> {
    const [row] = await this.#database.query<{ id: number }>(
      'select id from repositories where project_id = $1 and name = $2 and first_pushed_at is not null',
      [project.id, `${project.name}/${repository}`],
    );
    if (!row) throw new AppError('NOT_FOUND', `Project ${project.name} has no repository ${repository}.`);
    return row.id;
  }

  /** The database's time, in milliseconds since 1970. */
  async now(): Promise<number> {
    const [row] = await this.#database.query<{ now: number }>(
      'select (extract(epoch from clock_timestamp()) * 1000)::float8 as now',
    );
    return row?.now ?? 0;
  }

  /** The selected tags, by name. Throws as a list does for a bad filter, PRECONDITION for too many. */
  async tags(projectId: number, repositoryId: number, selection: Selection): Promise<SelectedTag[]> {
    const { matching } = selection;
    const filter =
      matching?.kind === 'tags'
        ? allOf(
            parseConditions(TAG_LIST, matching.q).map((condition) => conditionSql(tagColumns(repositoryId), condition)),
          )
        : sql`false`;
    const tags = await this.#database.run<SelectedTag>(
      sql`select t.name, encode(t.digest, 'hex') as digest from tags t
        where t.project_id = ${projectId} and t.repository_id = ${repositoryId}
          and (t.name = any(${selection.tags}::text[]) or ${filter})
        order by t.name limit ${MAX_SELECTED + 1}`,
    );
    refuseTooMany(tags.length);
    return tags;
  }

  /**
   * The artifacts that are to be deleted, as hex: named by digest, by a selected tag, or matching; indexes before their
   * parts. Named digests the repository does not have are in the answer too, at the end.
   */
  async artifacts(projectId: number, repositoryId: number, selection: Selection): Promise<string[]> {
    const { matching } = selection;
    const tags = await this.tags(projectId, repositoryId, selection);
    const asked = selection.digests.map((digest) => digestBytes(digest as Digest).toString('hex'));
    const named = [...asked, ...tags.map((tag) => tag.digest)];
    const rows = await this.#database.run<{ digest: string }>(
      sql`select encode(m.digest, 'hex') as digest from manifests m
        where m.project_id = ${projectId} and m.repository_id = ${repositoryId}
          and (m.digest in (select decode(hex, 'hex') from unnest(${named}::text[]) hex)
            or ${matching?.kind === 'artifacts' ? matchingArtifacts(matching.q) : sql`false`})
        order by m.depth desc, m.digest limit ${MAX_SELECTED + 1}`,
    );
    const found = new Set(rows.map((row) => row.digest));
    const all = [...found, ...asked.filter((digest) => !found.has(digest))];
    refuseTooMany(all.length);
    return all;
  }
}

function refuseTooMany(count: number): void {
  if (count <= MAX_SELECTED) return;
  throw new AppError('PRECONDITION', `One deletion takes at most ${MAX_SELECTED}; narrow the filter and repeat it.`);
}

function matchingArtifacts(q: string): Statement {
  const { rest, includeParts } = splitConditions(parseConditions(ARTIFACT_LIST, q));
  const columns = {
    ...artifactColumns(M),
    repository_name: { sql: sql`(select name from repositories where id = m.repository_id)`, kind: 'text' } as const,
  };
  return allOf([...rest.map((condition) => conditionSql(columns, condition)), ...(includeParts ? [] : [LISTED])]);
}
