import { type Database, type ListColumns, type ListRows, listRows, sql } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';

export interface HoldRow {
  readonly id: number;
  readonly kind: 'lock' | 'legal-hold';
  readonly held_until: Date | null;
  readonly reason: string;
  readonly created_by: string;
  readonly created_at: Date;
  readonly is_active: boolean;
}

const COLUMNS: ListColumns = { id: { sql: sql`h.id`, kind: 'number' }, kind: { sql: sql`h.kind`, kind: 'text' } };
const SELECTED = sql`h.id, h.kind, h.held_until, h.reason, h.created_by, h.created_at,
  (h.held_until is null or h.held_until > now()) as is_active`;

/** Locks and legal holds in SQL. */
export class HoldStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list(projectId: number, artifactId: number, request: ListRequest): Promise<ListRows<HoldRow>> {
    return listRows<HoldRow>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: sql`artifact_holds h`,
        where: [sql`h.project_id = ${projectId}`, sql`h.manifest_id = ${artifactId}`],
        tiebreak: sql`h.id`,
      },
      request,
    );
  }

  /** The id of the new hold; null when the artifact is gone. Its locks keep repository and project from being deleted meanwhile. */
  create(
    projectId: number,
    artifactId: number,
    hold: { kind: HoldRow['kind']; until: Date | null; reason: string; createdBy: string },
    event: DomainEvent,
  ): Promise<number | null> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.run<{ id: number }>(
        sql`with artifact as materialized (
            select m.id from manifests m join repositories r on r.id = m.repository_id and r.trash_item_id is null
              join projects p on p.id = r.project_id and p.deleted_at is null
            where m.project_id = ${projectId} and m.id = ${artifactId} for key share of m, r, p
          )
          insert into artifact_holds (project_id, manifest_id, kind, held_until, reason, created_by)
          select ${projectId}, id, ${hold.kind}, ${hold.until}, ${hold.reason}, ${hold.createdBy} from artifact returning id`,
      );
      if (!rows[0]) return null;
      await appendEvents(transaction, [event]);
      return rows[0].id;
    });
  }

  /** Ends a legal hold. `locked`: it is a lock that has not ended yet. */
  release(
    projectId: number,
    artifactId: number,
    id: number,
    event: DomainEvent,
  ): Promise<'released' | 'missing' | 'locked'> {
    return this.#database.transaction(async (transaction) => {
      const [hold] = await transaction.run<HoldRow>(
        sql`select ${SELECTED} from artifact_holds h
          where h.project_id = ${projectId} and h.manifest_id = ${artifactId} and h.id = ${id} for update`,
      );
      if (!hold) return 'missing';
      if (hold.kind === 'lock' && hold.is_active) return 'locked';
      await transaction.run(sql`delete from artifact_holds where project_id = ${projectId} and id = ${id}`);
      await appendEvents(transaction, [event]);
      return 'released';
    });
  }
}
