import type { Transaction } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { dischargeTrash } from '../usage/index.ts';
import { putBack, relist, type TagBack, type WayBack } from './restored-content.store.ts';

const LINKS_PER_BATCH = 2000;

/** What the item remembers of a restoration that has begun, under `restoration` of its details. */
export interface Begun {
  /** The name the repository gets at the end, or has. */
  readonly name: string;
  /** The repository that is there, where the item is merged into one. */
  readonly into?: number;
  /** Of a merge: what is taken by then stays out, as the caller chose. */
  readonly skipTakenTags?: boolean;
  /** Of a merge: how far it is, as an index of its phases. */
  readonly phase?: number;
  readonly by: string;
  readonly from: string;
  /** Tags that come under another name, at the end; and all that the caller named, so that they do not come before. */
  readonly renamed: readonly TagBack[];
  readonly named: readonly string[];
  readonly event: DomainEvent;
}

export interface MovingItem {
  readonly id: number;
  readonly project_id: number;
  readonly begun: Begun;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * How a step of a restoration ended. `undone`: the item is on its way back into the trash. `halted`: what was merged so
 * far stays, the rest is in the trash again.
 */
export type Step = 'more' | 'restored' | 'undone' | 'halted';

/** From now on the item can only come back, or fall back when that fails. */
export async function markMoving(transaction: Transaction, itemId: number, begun: Begun): Promise<void> {
  await transaction.query(
    `update trash_items set state = 'restoring', details = details || jsonb_build_object('restoration', $2::jsonb) where id = $1`,
    [itemId, JSON.stringify(begun)],
  );
}

/** Locks an item that is on its way; null when it has arrived or is no more. */
export async function lockMoving(transaction: Transaction, itemId: number): Promise<MovingItem | null> {
  const [item] = await transaction.query<MovingItem>(
    `select id, project_id, details -> 'restoration' as begun, details from trash_items
     where id = $1 and state = 'restoring' for update`,
    [itemId],
  );
  return item ?? null;
}

/** Moves manifests (hex of their digests) with these tags out of the item, which keeps its blobs. */
export async function moveManifests(
  transaction: Transaction,
  place: WayBack,
  manifests: readonly string[],
  tags: readonly string[],
): Promise<void> {
  await putBack(
    transaction,
    place,
    manifests,
    tags.map((name) => ({ name, as: name })),
  );
  await relist(transaction, place.repositoryId, manifests);
  await forgetTags(transaction, place.itemId, tags);
  await transaction.query(
    `delete from trash_manifests where item_id = $1 and digest in (select decode(hex, 'hex') from unnest($2::text[]) hex)`,
    [place.itemId, manifests],
  );
  await dischargeTrash(transaction, place.projectId, manifests);
}

/** Puts the tags that the caller renamed on what has come back under their old names. */
export async function putRenamed(transaction: Transaction, place: WayBack, renamed: readonly TagBack[]): Promise<void> {
  await putBack(transaction, place, [], renamed);
  const tagged = await transaction.query<{ digest: string }>(
    `select distinct encode(digest, 'hex') as digest from tags where repository_id = $1 and name = any($2::text[])`,
    [place.repositoryId, renamed.map((tag) => tag.as)],
  );
  await relist(
    transaction,
    place.repositoryId,
    tagged.map((row) => row.digest),
  );
}

export async function forgetTags(transaction: Transaction, itemId: number, names: readonly string[]): Promise<void> {
  await transaction.query('delete from trash_tags where item_id = $1 and name = any($2::text[])', [itemId, names]);
}

/** Takes some blobs off an item whose manifests have all left: all of them are linked again. False when none is left. */
export async function emptyLinks(transaction: Transaction, { project_id, id }: MovingItem): Promise<boolean> {
  const gone = await transaction.query<{ digest: string }>(
    `with gone as (
       delete from trash_blobs where item_id = $1 and digest in (
         select digest from trash_blobs where item_id = $1 order by digest limit ${LINKS_PER_BATCH}) returning digest
     ) select encode(digest, 'hex') as digest from gone`,
    [id],
  );
  await dischargeTrash(
    transaction,
    project_id,
    gone.map((row) => row.digest),
  );
  return gone.length > 0;
}

/** Tells that a restoration ended otherwise than was answered; `text` is for the audit log. */
export async function tellOtherwise(
  transaction: Transaction,
  { id, project_id, begun: { name: repository, event } }: MovingItem,
  name: string,
  because: string,
  text: string,
): Promise<void> {
  const audit = event.audit && {
    ...event.audit,
    description: `${repository} ${text}: ${because}`,
    succeeded: false,
    status: 409,
  };
  await appendEvents(transaction, [
    { name, projectId: project_id, data: { trashItemId: id, repository, because }, ...(audit ? { audit } : {}) },
  ]);
}
