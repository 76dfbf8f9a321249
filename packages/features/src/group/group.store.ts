import { AppError } from '@moorage/contracts';
import {
  containing,
  type Database,
  isSqlState,
  type ListColumns,
  type ListRows,
  listRows,
  type Sql,
  SQLSTATE,
  type Statement,
  sql,
} from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { GroupRow, GroupSource, NewGroup } from './group.rules.ts';

interface StoredGroup {
  id: number;
  group_name: string;
  group_type: number;
  ldap_group_dn: string;
  group_key: string;
  source_id: number | null;
  member_count: number;
}

/** Which groups a list is about, beside `q`. */
export interface GroupSelection {
  /** A normalised DN. */
  readonly dnKey?: string | undefined;
  /** Part of the name. */
  readonly name?: string | undefined;
  /** Groups of this user only. */
  readonly userId?: number | undefined;
}

/** A project in which a group has a role. */
export interface GroupRole {
  readonly project_id: number;
  readonly project_name: string;
  readonly role_id: number;
}

const COLUMNS: ListColumns = {
  id: { sql: sql`g.id`, kind: 'number' },
  group_name: { sql: sql`g.group_name`, kind: 'text' },
  group_type: { sql: sql`g.group_type`, kind: 'number' },
  ldap_group_dn: { sql: sql`g.ldap_group_dn`, kind: 'text' },
};
const ROLE_COLUMNS: ListColumns = {
  project_id: { sql: sql`p.id`, kind: 'number' },
  project_name: { sql: sql`p.name`, kind: 'text' },
  role_id: { sql: sql`m.role_id`, kind: 'number' },
};
const FIELDS = sql`g.id, g.group_name, g.group_type, g.ldap_group_dn, g.group_key, g.source_id,
  (select count(*) from user_group_members gm join users u on u.id = gm.user_id and u.deleted_at is null
   where gm.group_id = g.id) as member_count`;

/** User groups in SQL. */
export class GroupStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(selection: GroupSelection, request: ListRequest): Promise<ListRows<GroupRow>> {
    return this.#page(request, [
      ...(selection.dnKey === undefined ? [] : [sql`g.group_type = 1 and g.group_key = ${selection.dnKey}`]),
      ...(selection.name === undefined ? [] : [sql`g.group_name ilike ${containing(selection.name)}`]),
      ...(selection.userId === undefined
        ? []
        : [sql`g.id in (select gm.group_id from user_group_members gm where gm.user_id = ${selection.userId})`]),
    ]);
  }

  /** Groups whose name is `name`, or contains it when `fuzzy`. */
  async search(name: string, fuzzy: boolean, request: ListRequest): Promise<ListRows<GroupRow>> {
    if (name.includes('\0')) return { rows: [], total: 0 };
    return this.#page(request, [
      fuzzy ? sql`g.group_name ilike ${containing(name)}` : sql`lower(g.group_name) = lower(${name})`,
    ]);
  }

  find(id: number): Promise<GroupRow | null> {
    return findGroup(this.#database, sql`g.id = ${id}`);
  }

  /** The group with the same type, source and key. */
  findSame(group: NewGroup): Promise<GroupRow | null> {
    return findGroup(this.#database, sameAs(group));
  }

  /** Creates a group with the event that tells of it. Throws CONFLICT when there is the same one. */
  async create(group: NewGroup, eventOf: (created: GroupRow) => DomainEvent): Promise<GroupRow> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const rows = await transaction.query<{ id: number }>(
          `insert into user_groups (group_name, group_type, ldap_group_dn, group_key, source_id)
           values ($1, $2, $3, $4, $5) returning id`,
          [group.name, group.type, group.dn, group.key, group.sourceId],
        );
        const created = { ...group, id: (rows[0] as { id: number }).id, memberCount: 0 };
        await appendEvents(transaction, [eventOf(created)]);
        return created;
      });
    } catch (error) {
      throw conflictTold(error);
    }
  }

  /** How a source of that kind stands to groups: `first` of its kind, `other`, or `none` when there is no such one. */
  async standingOf(sourceId: number, kind: GroupSource['kind']): Promise<'first' | 'other' | 'none'> {
    const rows = await this.#database.run<{ is_first: boolean }>(
      sql`select not exists (select from identity_sources o where o.kind = s.kind and o.id < s.id) as is_first
        from identity_sources s where s.id = ${sourceId} and s.kind = ${kind}`,
    );
    if (!rows[0]) return 'none';
    return rows[0].is_first ? 'first' : 'other';
  }

  /** Renames a group; `decide` sees it under a lock and returns its new name and key. Null when there is none. */
  async rename(
    id: number,
    decide: (group: GroupRow) => { name: string; key: string; event: DomainEvent },
  ): Promise<GroupRow | null> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const group = await lockGroup(transaction, id);
        if (!group) return null;
        const { name, key, event } = decide(group);
        if (name === group.name) return group;
        await transaction.query(
          'update user_groups set group_name = $2, group_key = $3, updated_at = now() where id = $1',
          [id, name, key],
        );
        await appendEvents(transaction, [event]);
        return { ...group, name, key };
      });
    } catch (error) {
      throw conflictTold(error);
    }
  }

  /** Deletes a group with its memberships and the roles it gives. False when there is none. */
  async delete(id: number, eventOf: (group: GroupRow) => DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const group = await lockGroup(transaction, id);
      if (!group) return false;
      await transaction.query(`delete from project_members where entity_type = 'g' and entity_id = $1`, [id]);
      await transaction.query('delete from user_groups where id = $1', [id]);
      await appendEvents(transaction, [eventOf(group)]);
      return true;
    });
  }

  /** Live projects in which the group has a role. */
  roles(id: number, request: ListRequest): Promise<ListRows<GroupRole>> {
    return listRows<GroupRole>(
      this.#database,
      {
        columns: ROLE_COLUMNS,
        select: sql`p.id as project_id, p.name as project_name, m.role_id`,
        from: sql`project_members m join projects p on p.id = m.project_id and p.deleted_at is null`,
        where: [sql`m.entity_type = 'g' and m.entity_id = ${id}`],
        tiebreak: sql`p.id`,
      },
      request,
    );
  }

  async #page(request: ListRequest, where: readonly Statement[]): Promise<ListRows<GroupRow>> {
    const { rows, total } = await listRows<StoredGroup>(
      this.#database,
      { columns: COLUMNS, select: FIELDS, from: sql`user_groups g`, where, tiebreak: sql`g.id` },
      request,
    );
    return { rows: rows.map(groupRowOf), total };
  }
}

/** The group under a lock that keeps it from being renamed or deleted. */
export async function lockGroup(transaction: Sql, id: number): Promise<GroupRow | null> {
  const rows = await transaction.run<StoredGroup>(
    sql`select ${FIELDS} from user_groups g where g.id = ${id} for no key update of g`,
  );
  return rows[0] ? groupRowOf(rows[0]) : null;
}

async function findGroup(database: Sql, condition: Statement): Promise<GroupRow | null> {
  const rows = await database.run<StoredGroup>(sql`select ${FIELDS} from user_groups g where ${condition}`);
  return rows[0] ? groupRowOf(rows[0]) : null;
}

function sameAs(group: NewGroup): Statement {
  return sql`g.group_type = ${group.type} and coalesce(g.source_id, 0) = ${group.sourceId ?? 0} and g.group_key = ${group.key}`;
}

function conflictTold(error: unknown): unknown {
  return isSqlState(error, SQLSTATE.uniqueViolation, 'user_groups_key')
    ? new AppError('CONFLICT', 'There is such a group already; use it, or choose another name.')
    : error;
}

function groupRowOf(row: StoredGroup): GroupRow {
  return {
    id: row.id,
    name: row.group_name,
    type: row.group_type,
    dn: row.ldap_group_dn,
    key: row.group_key,
    sourceId: row.source_id,
    memberCount: row.member_count,
  };
}
