import { type Database, type ListColumns, type ListRows, listRows, sql, type Transaction } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { GroupRow, GroupSource, NewGroup } from './group.rules.ts';
import { lockGroup } from './group.store.ts';

interface GroupMemberRow {
  readonly user_id: number;
  readonly username: string;
  readonly created_at: Date;
  readonly refreshed_at: Date | null;
}

interface Named {
  readonly id: number;
  readonly username: string;
}

/** What a refresh changed: names of groups. */
export interface MembershipChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const COLUMNS: ListColumns = {
  user_id: { sql: sql`u.id`, kind: 'number' },
  username: { sql: sql`u.username`, kind: 'text' },
  creation_time: { sql: sql`gm.created_at`, kind: 'time' },
};

/** Who belongs to which group, in SQL. */
export class GroupMembershipStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(groupId: number, request: ListRequest): Promise<ListRows<GroupMemberRow>> {
    return listRows<GroupMemberRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: sql`u.id as user_id, u.username, gm.created_at, gm.refreshed_at`,
        from: sql`user_group_members gm join users u on u.id = gm.user_id and u.deleted_at is null`,
        where: [sql`gm.group_id = ${groupId}`],
        tiebreak: sql`u.id`,
      },
      request,
    );
  }

  /** Puts a user into a group. `check` sees the group under its lock and throws to refuse. */
  async add(
    groupId: number,
    user: { readonly userId: number } | { readonly username: string },
    check: (group: GroupRow) => void,
    eventOf: (group: GroupRow, user: Named) => DomainEvent,
  ): Promise<'no group' | 'no user' | 'present' | { readonly userId: number }> {
    return this.#database.transaction(async (transaction) => {
      const group = await lockGroup(transaction, groupId);
      if (!group) return 'no group';
      check(group);
      const found = await transaction.run<Named>(
        'userId' in user
          ? sql`select id, username from users where deleted_at is null and id = ${user.userId}`
          : sql`select id, username from users where deleted_at is null and lower(username) = lower(${user.username})`,
      );
      if (!found[0]) return 'no user';
      const added = await transaction.query(
        'insert into user_group_members (group_id, user_id) values ($1, $2) on conflict do nothing returning 1',
        [groupId, found[0].id],
      );
      if (added.length === 0) return 'present';
      await appendEvents(transaction, [eventOf(group, found[0])]);
      return { userId: found[0].id };
    });
  }

  /** Takes a user out of a group. `check` sees the group under its lock and throws to refuse. */
  async remove(
    groupId: number,
    userId: number,
    check: (group: GroupRow) => void,
    eventOf: (group: GroupRow, user: Named) => DomainEvent,
  ): Promise<'no group' | 'absent' | 'removed'> {
    return this.#database.transaction(async (transaction) => {
      const group = await lockGroup(transaction, groupId);
      if (!group) return 'no group';
      check(group);
      const removed = await transaction.query<Named>(
        `delete from user_group_members gm using users u where u.id = gm.user_id and gm.group_id = $1 and gm.user_id = $2
         returning u.id, u.username`,
        [groupId, userId],
      );
      if (!removed[0]) return 'absent';
      await appendEvents(transaction, [eventOf(group, removed[0])]);
      return 'removed';
    });
  }

  /**
   * Makes the user's memberships from a source exactly these groups, creating groups that are new. Refreshes of one user
   * go one after the other. Null when there is no such user, or `requires` does not hold in the transaction.
   */
  async replace(
    userId: number,
    source: GroupSource,
    groups: readonly NewGroup[],
    now: Date,
    eventOf: (user: Named, change: MembershipChange) => DomainEvent,
    requires: (transaction: Transaction) => Promise<boolean>,
  ): Promise<MembershipChange | null> {
    return this.#database.transaction(async (transaction) => {
      if (!(await requires(transaction))) return null;
      const users = await transaction.query<Named>(
        'select id, username from users where id = $1 and deleted_at is null for no key update',
        [userId],
      );
      if (!users[0]) return null;
      const list = JSON.stringify(groups);
      await transaction.query(
        `insert into user_groups (group_name, group_type, ldap_group_dn, group_key, source_id)
         select name, type, dn, key, "sourceId"
         from jsonb_to_recordset($1::jsonb) as g(name text, type int, dn text, key text, "sourceId" int)
         where not exists (
           select from user_groups known where known.group_type = g.type
             and coalesce(known.source_id, 0) = coalesce(g."sourceId", 0) and known.group_key = g.key)
         order by key on conflict (group_type, coalesce(source_id, 0), group_key) do nothing`,
        [list],
      );
      const changes = await transaction.query<{ name: string; is_added: boolean }>(
        `with told as (
           select g.id, g.group_name
           from jsonb_to_recordset($1::jsonb) as t(type int, key text, "sourceId" int)
           join user_groups g on g.group_type = t.type and coalesce(g.source_id, 0) = coalesce(t."sourceId", 0)
             and g.group_key = t.key
         ), gone as (
           delete from user_group_members m using user_groups g
           where m.user_id = $2 and m.source_id = $3 and g.id = m.group_id and m.group_id not in (select id from told)
           returning g.group_name
         ), present as (
           insert into user_group_members (group_id, user_id, source_id, created_at, refreshed_at)
           select id, $2, $3, $4, $4 from told
           on conflict (user_id, group_id) do update set source_id = excluded.source_id, refreshed_at = excluded.refreshed_at
             -- Sign-ins in close succession learn nothing new: they leave the row as it is.
             where user_group_members.source_id is distinct from excluded.source_id
               or user_group_members.refreshed_at is null
               or user_group_members.refreshed_at < excluded.refreshed_at - interval '1 minute'
           returning group_id, created_at = refreshed_at and xmax = 0 as is_added
         )
         select group_name as name, false as is_added from gone
         union all
         select told.group_name, true from present join told on told.id = present.group_id where present.is_added`,
        [list, userId, source.id, now],
      );
      const change = {
        added: changes.filter((row) => row.is_added).map((row) => row.name),
        removed: changes.filter((row) => !row.is_added).map((row) => row.name),
      };
      if (changes.length > 0) await appendEvents(transaction, [eventOf(users[0], change)]);
      return change;
    });
  }
}

/**
 * Ends every membership that comes from a source that is no more, and deletes its groups with the roles they give. Those
 * that name no source are the first one's of their type; those of the source that is first next name none from now on.
 */
export async function forgetSource(
  transaction: Transaction,
  { id, isFirst }: GroupSource,
  type: number,
  nextFirstId: number | null,
): Promise<void> {
  await transaction.query('delete from user_group_members where source_id = $1', [id]);
  await transaction.query(
    `with gone as (
       delete from user_groups where source_id = $1 or ($2 and source_id is null and group_type = $3) returning id)
     delete from project_members where entity_type = 'g' and entity_id in (select id from gone)`,
    [id, isFirst, type],
  );
  if (!isFirst || nextFirstId === null) return;
  await transaction.query('update user_groups set source_id = null where source_id = $1 and group_type = $2', [
    nextFirstId,
    type,
  ]);
}
