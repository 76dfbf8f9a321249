import type { Transaction } from '@moorage/database';
import { sumUpItems } from '../content/index.ts';
import { appendEvents } from '../outbox/index.ts';
import {
  emptyLinks,
  forgetTags,
  moveManifests,
  type MovingItem,
  putRenamed,
  type Step,
  tellOtherwise,
} from './moving-item.store.ts';
import { tooMany } from './restoration-plan.store.ts';
import { sayRestored, type WayBack } from './restored-content.store.ts';

/** Indexes come with all their parts, and each may have thousands. */
const INDEXES = 100;
const BATCH = 1000;

/** What belongs to something else. */
const IS_ACCESSORY = `coalesce(columns ->> 'accessory_of', columns ->> 'subject_digest') is not null`;
const OF_PHASE = (condition: string) =>
  `select encode(digest, 'hex') as digest from trash_manifests where item_id = $1 and ${condition} order by digest limit ${BATCH}`;

/**
 * In which order an item is merged, each a query for the next manifests, because what came shows: indexes with their
 * parts at once, then what stands alone, and accessories when their subjects are there.
 */
const PHASES = [
  `with recursive along (digest) as (
     (select digest from trash_manifests where item_id = $1 and children <> '[]' order by digest limit ${INDEXES})
     union
     select c.child_digest from along join trash_manifests tm on tm.item_id = $1 and tm.digest = along.digest,
       jsonb_populate_recordset(null::manifest_children, tm.children) c
   )
   select encode(tm.digest, 'hex') as digest from along join trash_manifests tm on tm.item_id = $1 and tm.digest = along.digest`,
  OF_PHASE(`not ${IS_ACCESSORY}`),
  OF_PHASE('true'),
] as const;

/** A tag of a batch, with what has its name in the repository. */
interface TagHere {
  readonly name: string;
  readonly is_taken: boolean;
  readonly is_there: boolean;
}

const TAGS = `
  select tt.name, t.digest is not null as is_taken, coalesce(t.digest = tt.digest, false) as is_there
  from trash_tags tt left join lateral (select digest from tags where repository_id = $2 and name = tt.name limit 1) t on true
  where tt.item_id = $1 and tt.digest in (select decode(hex, 'hex') from unnest($3::text[]) hex) and not tt.name = any($4::text[])`;

/** Tags that were to come under other names, of those whose other name is taken. */
const OTHERS = `
  select given.name, t.digest = tt.digest as is_there
  from unnest($3::text[], $4::text[]) as given (name, other)
    join trash_tags tt on tt.item_id = $1 and tt.name = given.name
    join tags t on t.repository_id = $2 and t.name = given.other`;

/**
 * Merges the next batch of an item into a repository that is there. A batch comes wholly or not at all; what came stays,
 * since others may have built on it. A tag that was taken since the restoration began stays in the item.
 */
export async function mergeBatch(transaction: Transaction, item: MovingItem, into: number): Promise<Step> {
  const { id: itemId, project_id: projectId, begun } = item;
  const place = { projectId, itemId, repositoryId: into };
  const [repository] = await transaction.query(
    `select from repositories where id = $1 and project_id = $2 and trash_item_id is null for no key update`,
    [into, projectId],
  );
  if (!repository) return halt(transaction, item, `the repository ${begun.name} was deleted meanwhile`);
  const phase = begun.phase ?? 0;
  const statement = PHASES[phase];
  if (statement === undefined) {
    return (await emptyLinks(transaction, item)) ? 'more' : finish(transaction, place, item);
  }
  const batch = await transaction.query<{ digest: string }>(statement, [itemId]);
  const manifests = batch.map((row) => row.digest);
  if (manifests.length === 0) {
    await transaction.query(
      `update trash_items set details = jsonb_set(details, '{restoration,phase}', to_jsonb($2::int)) where id = $1`,
      [itemId, phase + 1],
    );
    return 'more';
  }
  const [conflict] = await tooMany(transaction, projectId, await countNew(transaction, into, manifests), true);
  if (conflict) return halt(transaction, item, conflict.text);
  await sayRestored(transaction, begun.by, begun.from);
  const tags = await transaction.query<TagHere>(TAGS, [itemId, into, manifests, begun.named]);
  const isDone = (tag: TagHere) => tag.is_there || (tag.is_taken && begun.skipTakenTags === true);
  await forgetTags(transaction, itemId, names(tags.filter(isDone)));
  await moveManifests(transaction, place, manifests, names(tags.filter((tag) => !tag.is_taken)));
  return 'more';
}

async function countNew(transaction: Transaction, repositoryId: number, manifests: readonly string[]): Promise<number> {
  const [row] = await transaction.query<{ count: number }>(
    `select count(*) as count from unnest($2::text[]) hex
     where (select id from manifests where digest = decode(hex, 'hex') and repository_id + 0 = $1) is null`,
    [repositoryId, manifests],
  );
  return row?.count ?? 0;
}

/** Only tags are left: those that come under another name, those left out, and those taken meanwhile. */
async function finish(transaction: Transaction, place: WayBack, item: MovingItem): Promise<Step> {
  const { begun } = item;
  await sayRestored(transaction, begun.by, begun.from);
  const others = await transaction.query<Pick<TagHere, 'name' | 'is_there'>>(OTHERS, [
    item.id,
    place.repositoryId,
    begun.renamed.map((tag) => tag.name),
    begun.renamed.map((tag) => tag.as),
  ]);
  const isTaken = new Set(names(others));
  await putRenamed(
    transaction,
    place,
    begun.renamed.filter((tag) => !isTaken.has(tag.name)),
  );
  const inTheWay = new Set(names(others.filter((tag) => !tag.is_there)));
  await forgetTags(
    transaction,
    item.id,
    begun.named.filter((name) => !inTheWay.has(name)),
  );
  await transaction.query(
    'update repositories set first_pushed_at = coalesce(first_pushed_at, now()), updated_at = now() where id = $1',
    [place.repositoryId],
  );
  const left = await transaction.query<{ name: string }>(
    'select name from trash_tags where item_id = $1 order by name limit 3',
    [item.id],
  );
  await appendEvents(transaction, [begun.event]);
  if (left.length > 0) {
    return halt(
      transaction,
      item,
      `tags were taken meanwhile and stay in the trash, ${names(left).join(', ')} among them`,
    );
  }
  await transaction.query('delete from trash_items where id = $1', [item.id]);
  return 'restored';
}

/** What did not come can be restored again; it is kept for a day at least. */
async function halt(transaction: Transaction, item: MovingItem, because: string): Promise<Step> {
  await transaction.query(
    `update trash_items set state = 'kept', details = details - 'restoration',
       expires_at = greatest(expires_at, now() + interval '1 day') where id = $1`,
    [item.id],
  );
  await sumUpItems(transaction, [item.id]);
  await tellOtherwise(transaction, item, 'repository.restoration-halted', because, 'is restored in part');
  return 'halted';
}

function names(tags: readonly { readonly name: string }[]): string[] {
  return tags.map((tag) => tag.name);
}
