import { AppError } from '@moorage/contracts';
import {
  containing,
  type Database,
  isSqlState,
  type ListColumns,
  type ListRows,
  listRows,
  SQLSTATE,
  sql,
} from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

export interface Member {
  readonly id: number;
  readonly projectId: number;
  /** u user, g group. */
  readonly entityType: 'u' | 'g';
  readonly entityId: number;
  readonly entityName: string;
  readonly roleId: number;
}

/** Who becomes a member. */
export type NewMember = { readonly userId: number } | { readonly username: string } | { readonly groupId: number };

interface StoredMember {
  id: number;
  project_id: number;
  entity_type: 'u' | 'g';
  entity_id: number;
  entity_name: string;
  role_id: number;
}

const ENTITY_NAME = sql`coalesce(u.username, g.group_name)`;
const COLUMNS: ListColumns = {
  id: { sql: sql`m.id`, kind: 'number' },
  entity_name: { sql: ENTITY_NAME, kind: 'text' },
  entity_type: { sql: sql`m.entity_type`, kind: 'text' },
  role_id: { sql: sql`m.role_id`, kind: 'number' },
};
const SELECTED = sql`m.id, m.project_id, m.entity_type, m.entity_id, ${ENTITY_NAME} as entity_name, m.role_id`;
const MEMBERS = sql`project_members m
  left join users u on m.entity_type = 'u' and u.id = m.entity_id and u.deleted_at is null
  left join user_groups g on m.entity_type = 'g' and g.id = m.entity_id`;
/** A deleted user is nobody's member. */
const IS_PRESENT = sql`(u.id is not null or g.id is not null)`;

/** Members of projects in SQL. */
export class MemberStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(projectId: number, name: string | undefined, request: ListRequest): Promise<ListRows<Member>> {
    const { rows, total } = await listRows<StoredMember>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: MEMBERS,
        where: [
          sql`m.project_id = ${projectId}`,
          IS_PRESENT,
          ...(name === undefined ? [] : [sql`${ENTITY_NAME} ilike ${containing(name)}`]),
        ],
        tiebreak: sql`m.id`,
      },
      request,
    );
    return { rows: rows.map(memberOf), total };
  }

  async find(projectId: number, memberId: number): Promise<Member | null> {
    const rows = await this.#database.run<StoredMember>(
      sql`select ${SELECTED} from ${MEMBERS} where m.project_id = ${projectId} and m.id = ${memberId} and ${IS_PRESENT}`,
    );
    return rows[0] ? memberOf(rows[0]) : null;
  }

  /** Adds a user or group; null when there is none such. Throws CONFLICT when it is a member already. */
  async add(
    projectId: number,
    subject: NewMember,
    roleId: number,
    eventOf: (member: Member) => DomainEvent,
  ): Promise<Member | null> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const rows = await transaction.query<StoredMember>(
          `with who as (
             select 'u' as type, id, username as name from users
             where deleted_at is null and (id = $2::int or lower(username) = lower($3))
             union all
             select 'g', id, group_name from user_groups where id = $5::int
           )
           insert into project_members (project_id, entity_type, entity_id, role_id)
           select $1, type, id, $4 from who
           returning id, project_id, entity_type, entity_id, role_id, (select name from who) as entity_name`,
          [
            projectId,
            'userId' in subject ? subject.userId : null,
            'username' in subject ? subject.username : null,
            roleId,
            'groupId' in subject ? subject.groupId : null,
          ],
        );
        if (!rows[0]) return null;
        const member = memberOf(rows[0]);
        await appendEvents(transaction, [eventOf(member)]);
        return member;
      });
    } catch (error) {
      if (isSqlState(error, SQLSTATE.uniqueViolation)) {
        throw new AppError('CONFLICT', 'This user or group is a member already; change the role instead.');
      }
      if (isSqlState(error, SQLSTATE.foreignKeyViolation)) {
        throw new AppError('NOT_FOUND', 'The project does not exist any more.');
      }
      throw error;
    }
  }

  /**
   * Changes the role of a member, or ends the membership with a null role. `check` sees the ids of the present admins
   * under their locks, so that two admins cannot remove each other; it throws to refuse.
   */
  async change(
    projectId: number,
    memberId: number,
    roleId: number | null,
    check: (adminIds: readonly number[]) => void,
    eventOf: (member: Member) => DomainEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const admins = await transaction.query<{ id: number }>(
        'select id from project_members where project_id = $1 and role_id = 1 order by id for update',
        [projectId],
      );
      const rows = await transaction.query<StoredMember>(
        // A deleted user's name is still in its row, and its membership can be ended.
        `select m.id, m.project_id, m.entity_type, m.entity_id, coalesce(u.username, g.group_name, '') as entity_name, m.role_id
         from project_members m left join users u on m.entity_type = 'u' and u.id = m.entity_id
         left join user_groups g on m.entity_type = 'g' and g.id = m.entity_id
         where m.project_id = $1 and m.id = $2 for update of m`,
        [projectId, memberId],
      );
      if (!rows[0]) return false;
      check(admins.map((admin) => admin.id));
      if (rows[0].role_id === roleId) return true;
      await (roleId === null
        ? transaction.query('delete from project_members where project_id = $1 and id = $2', [projectId, memberId])
        : transaction.query(
            'update project_members set role_id = $3, updated_at = now() where project_id = $1 and id = $2',
            [projectId, memberId, roleId],
          ));
      await appendEvents(transaction, [eventOf(memberOf(rows[0]))]);
      return true;
    });
  }
}

function memberOf(row: StoredMember): Member {
  return {
    id: row.id,
    projectId: row.project_id,
    entityType: row.entity_type,
    entityId: row.entity_id,
    entityName: row.entity_name,
    roleId: row.role_id,
  };
}
