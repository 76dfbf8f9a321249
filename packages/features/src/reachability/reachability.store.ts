import type { Sql } from '@moorage/database';
import {
  ALGORITHMS,
  type Graph,
  type GraphNode,
  MAX_TAGS_OF_NODE,
  SCHEME_HEX,
  SCHEME_SUFFIXES,
  schemeTagsOf,
} from './reachability.rules.ts';

/** Indexes and accessories lie in each other at most this deep; what lies deeper stays. */
const MAX_LEVELS = 16;

/** Which part of a repository a graph shows, and how. */
export interface GraphRequest {
  readonly projectId: number;
  readonly repositoryId: number;
  /** Digests as hex of the column. */
  readonly roots: readonly string[];
  /** Whether accessories and parts are looked for, level by level. */
  readonly along: boolean;
  /** Lock every manifest of the graph FOR UPDATE before anything about it is read; needs a transaction. */
  readonly lock: boolean;
}

/** A graph with the rows behind its nodes. */
export interface LoadedGraph extends Graph {
  readonly ids: ReadonlyMap<string, number>;
}

const ROOTS = `select id, encode(digest, 'hex') as digest from manifests
  where repository_id = $1 and digest in (select decode(hex, 'hex') from unnest($2::text[]) hex)`;

/** What belongs to a level of manifests ($2 ids, $3 digests, $4 tags of the tag schemes) and is not known yet ($5). */
const DEPENDENTS = `select id, encode(digest, 'hex') as digest from manifests
  where repository_id = $1 and not id = any($5::bigint[]) and id in (
    select part.id from manifest_children c join manifests part on part.repository_id = c.repository_id and part.digest = c.child_digest
      where c.manifest_id = any($2::bigint[])
    union all select a.id from unnest($3::text[]) hex join manifests a on a.repository_id = $1 and a.accessory_of = decode(hex, 'hex')
    union all select a.id from unnest($3::text[]) hex join manifests a on a.repository_id = $1 and a.subject_digest = decode(hex, 'hex')
    union all select t.manifest_id from tags t where t.repository_id = $1 and t.name = any($4::text[]))`;

/*
 * Read after the locks. Who stores an index holds its parts FOR KEY SHARE, who sets a tag or a hold the manifest, so none
 * of these can be added any more. The function for tags is asked only in projects that have rules.
 */
const FACTS = `select encode(m.digest, 'hex') as digest, hold_of(m.id) as hold,
    (extract(epoch from m.touched_at) * 1000)::float8 as touched_at,
    array(select t.name from tags t where t.manifest_id = m.id order by t.name limit ${MAX_TAGS_OF_NODE}) as tags,
    (select count(*) from tags t where t.manifest_id = m.id) as tag_count,
    case when ruled.is_ruled then array(
      select t.name from tags t where t.manifest_id = m.id and immutable_rule_of($3, $1, t.name) is not null limit 3
    ) else '{}' end as immutable_tags,
    array(select distinct encode(named, 'hex') from unnest(array[m.accessory_of, m.subject_digest]) named where named is not null) as subjects,
    array(select encode(s.digest, 'hex') from manifests s where s.repository_id = $1
      and s.digest in (m.accessory_of, m.subject_digest) and not s.id = any($2::bigint[])) as outside_subjects,
    (select encode(p.digest, 'hex') from manifest_children c join manifests p on p.id = c.manifest_id
      where c.repository_id = $1 and c.child_digest = m.digest and not c.manifest_id = any($2::bigint[]) limit 1) as outside_parent
  from manifests m, (select exists (select from immutable_tag_rules r where r.project_id = $3 and not r.is_disabled) as is_ruled) ruled
  where m.id = any($2::bigint[])`;

const PARTS = `select encode(p.digest, 'hex') as parent, encode(c.child_digest, 'hex') as part
  from manifest_children c join manifests p on p.id = c.manifest_id
  where c.manifest_id = any($1::bigint[]) and c.child_digest in (select digest from manifests where id = any($1::bigint[]))`;

interface FactsRow {
  readonly digest: string;
  readonly hold: string | null;
  readonly touched_at: number;
  readonly tags: string[];
  readonly tag_count: number;
  readonly immutable_tags: string[];
  readonly subjects: string[];
  readonly outside_subjects: string[];
  readonly outside_parent: string | null;
}

/** Reads what a decision about some roots needs: the roots, what belongs to them, and what else needs any of it. */
export async function loadGraph(sql: Sql, request: GraphRequest): Promise<LoadedGraph> {
  const ids = await collect(sql, request);
  const all = [...ids.values()];
  if (all.length === 0) return { nodes: [], parts: [], ids };
  const facts = await sql.query<FactsRow>(FACTS, [request.repositoryId, all, request.projectId]);
  const parts = all.length === 1 ? [] : await sql.query<{ parent: string; part: string }>(PARTS, [all]);
  return { nodes: facts.map(nodeOf), parts, ids };
}

async function collect(sql: Sql, request: GraphRequest): Promise<Map<string, number>> {
  const { repositoryId } = request;
  // In one order, so that two deletions seldom lock each other out; the one that loses a deadlock is repeated.
  const ending = request.lock ? ' order by digest for update' : '';
  const ids = new Map<string, number>();
  let level = await sql.query<{ id: number; digest: string }>(ROOTS + ending, [repositoryId, request.roots]);
  for (let depth = 0; level.length > 0; depth++) {
    for (const row of level) ids.set(row.digest, row.id);
    if (!request.along || depth === MAX_LEVELS) break;
    const digests = level.map((row) => row.digest);
    level = await sql.query(DEPENDENTS + ending, [
      repositoryId,
      level.map((row) => row.id),
      digests,
      digests.flatMap(schemeTagsOf),
      [...ids.values()],
    ]);
  }
  return ids;
}

function nodeOf(row: FactsRow): GraphNode {
  return {
    digest: row.digest,
    tags: row.tags,
    tagCount: row.tag_count,
    immutableTags: row.immutable_tags,
    hold: row.hold,
    subjects: row.subjects,
    outsideSubjects: row.outside_subjects,
    outsideParent: row.outside_parent,
    touchedAt: row.touched_at,
  };
}

/** The SQL of {@link schemeTagsOf} without the suffixes; null for other algorithms. `digest` is an expression for a stored digest. */
function schemeBaseSql(digest: string): string {
  const names = Object.entries(ALGORITHMS).map(([byte, name]) => `when '${byte}' then '${name}-'`);
  return `(case left(encode(${digest}, 'hex'), 2) ${names.join(' ')} end || substr(encode(${digest}, 'hex'), 3, ${SCHEME_HEX}))`;
}

/** {@link schemeTagsOf} as an SQL array, of nulls for other algorithms. `digest` is an expression for a stored digest, never input. */
export function schemeTagsSql(digest: string): string {
  const base = schemeBaseSql(digest);
  return `array[${SCHEME_SUFFIXES.map((suffix) => `${base} || '${suffix}'`).join(', ')}]`;
}

/**
 * A query for all ties by {@link schemeTagsOf} in a repository: `manifest_id` and `digest` of what has the tag, `subject`
 * the digest it belongs to, which is there and another one. `repository` is a parameter as `$2`. Made for one hash join.
 */
export function schemeTiesSql(repository: string): string {
  const suffixes = SCHEME_SUFFIXES.filter((suffix) => suffix !== '').map((suffix) => suffix.slice(1));
  const ending = `[.](${suffixes.join('|')})`;
  return `select t.manifest_id, t.digest, s.digest as subject
    from tags t join manifests s on s.repository_id = ${repository} and s.digest <> t.digest
      and ${schemeBaseSql('s.digest')} = regexp_replace(t.name, '${ending}$', '')
    where t.repository_id = ${repository}
      and t.name ~ '^(${Object.values(ALGORITHMS).join('|')})-[0-9a-f]{${SCHEME_HEX}}(${ending})?$'`;
}
