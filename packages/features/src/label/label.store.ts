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
import type { LabelRow } from './label.rules.ts';

/** A label on one artifact. */
export interface AttachedLabel extends LabelRow {
  readonly artifactId: number;
}

/** What may be written of a label. */
export interface LabelFields {
  readonly name: string;
  readonly description: string;
  readonly color: string;
}

interface StoredLabel {
  id: number;
  project_id: number | null;
  name: string;
  description: string;
  color: string;
  created_at: Date;
  updated_at: Date;
}

const COLUMNS: ListColumns = {
  id: { sql: sql`l.id`, kind: 'number' },
  name: { sql: sql`l.name`, kind: 'text' },
  description: { sql: sql`l.description`, kind: 'text' },
  color: { sql: sql`l.color`, kind: 'text' },
  creation_time: { sql: sql`l.created_at`, kind: 'time' },
  update_time: { sql: sql`l.updated_at`, kind: 'time' },
};
const SELECTED = sql`l.id, l.project_id, l.name, l.description, l.color, l.created_at, l.updated_at`;
const NO_LABEL_OF_DELETED_PROJECT = sql`(l.project_id is null
  or exists (select from projects p where p.id = l.project_id and p.deleted_at is null))`;

/** Labels, and the artifacts they are on, in SQL. */
export class LabelStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One page of a project's labels, or of the global ones with null. */
  async list(projectId: number | null, name: string | undefined, request: ListRequest): Promise<ListRows<LabelRow>> {
    const { rows, total } = await listRows<StoredLabel>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: sql`labels l`,
        where: [
          // In the words of the index by name.
          sql`coalesce(l.project_id, 0) = ${projectId ?? 0}`,
          ...(name === undefined ? [] : [sql`l.name ilike ${containing(name)}`]),
        ],
        tiebreak: sql`l.id`,
      },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  /** A label by id, wherever it belongs: the caller must ask for rights in the project it names. */
  async locate(id: number): Promise<LabelRow | null> {
    const rows = await this.#database.run<StoredLabel>(
      sql`select ${SELECTED} from labels l where l.id = ${id} and ${NO_LABEL_OF_DELETED_PROJECT}`,
    );
    return rows[0] ? rowOf(rows[0]) : null;
  }

  /** Throws CONFLICT for a name the scope has already. */
  create(projectId: number | null, fields: LabelFields, eventOf: (label: LabelRow) => DomainEvent): Promise<number> {
    return refuseTakenName(fields.name, () =>
      this.#database.transaction(async (transaction) => {
        const rows = await transaction.run<StoredLabel>(
          sql`insert into labels as l (project_id, name, description, color)
            values (${projectId}, ${fields.name}, ${fields.description}, ${fields.color}) returning ${SELECTED}`,
        );
        const label = rowOf(rows[0] as StoredLabel);
        await appendEvents(transaction, [eventOf(label)]);
        return label.id;
      }),
    );
  }

  /** Changes a label of this scope; false when it is gone. Throws CONFLICT for a name the scope has already. */
  change(
    projectId: number | null,
    id: number,
    fields: LabelFields,
    eventOf: (before: LabelRow) => DomainEvent,
  ): Promise<boolean> {
    return refuseTakenName(fields.name, () =>
      this.#database.transaction(async (transaction) => {
        const rows = await transaction.run<StoredLabel>(
          sql`select ${SELECTED} from labels l where l.id = ${id} and l.project_id is not distinct from ${projectId}::int for update`,
        );
        if (!rows[0]) return false;
        await transaction.run(
          sql`update labels set name = ${fields.name}, description = ${fields.description}, color = ${fields.color},
            updated_at = now() where id = ${id}`,
        );
        await appendEvents(transaction, [eventOf(rowOf(rows[0]))]);
        return true;
      }),
    );
  }

  /** Deletes a label of this scope and takes it off every artifact; false when it is gone. */
  remove(projectId: number | null, id: number, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const gone = await transaction.run(
        sql`delete from labels where id = ${id} and project_id is not distinct from ${projectId}::int returning id`,
      );
      if (gone.length === 0) return false;
      await appendEvents(transaction, [event]);
      return true;
    });
  }

  /** Puts a label on an artifact. `missing`: one of the two is gone, or the label is of another project. */
  attach(
    projectId: number,
    artifactId: number,
    labelId: number,
    event: DomainEvent,
  ): Promise<'attached' | 'exists' | 'missing'> {
    return this.#database.transaction(async (transaction) => {
      const found = await transaction.run(
        sql`select from manifests m, labels l where m.project_id = ${projectId} and m.id = ${artifactId}
          and l.id = ${labelId} and (l.project_id is null or l.project_id = ${projectId}) for key share`,
      );
      if (found.length === 0) return 'missing';
      const made = await transaction.run(
        sql`insert into artifact_labels (manifest_id, label_id, project_id)
          values (${artifactId}, ${labelId}, ${projectId}) on conflict do nothing returning label_id`,
      );
      if (made.length === 0) return 'exists';
      await appendEvents(transaction, [event]);
      return 'attached';
    });
  }

  /** Takes a label off an artifact; false when it is not on it. */
  detach(projectId: number, artifactId: number, labelId: number, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const gone = await transaction.run(
        sql`delete from artifact_labels where project_id = ${projectId} and manifest_id = ${artifactId}
          and label_id = ${labelId} returning label_id`,
      );
      if (gone.length === 0) return false;
      await appendEvents(transaction, [event]);
      return true;
    });
  }

  /** The labels of some artifacts of a project, the first by name, at most `limit` each. One statement. */
  async listOfArtifacts(projectId: number, artifactIds: readonly number[], limit: number): Promise<AttachedLabel[]> {
    const rows = await this.#database.run<StoredLabel & { manifest_id: number }>(
      sql`select wanted.id as manifest_id, l.* from unnest(${artifactIds}::bigint[]) as wanted (id) cross join lateral (
          select ${SELECTED} from artifact_labels a join labels l on l.id = a.label_id
          where a.project_id = ${projectId} and a.manifest_id = wanted.id order by l.name, l.id limit ${limit}
        ) l order by l.name, l.id`,
    );
    return rows.map((row) => ({ ...rowOf(row), artifactId: row.manifest_id }));
  }
}

async function refuseTakenName<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isSqlState(error, SQLSTATE.uniqueViolation)) {
      throw new AppError('CONFLICT', `name: there is a label ${name} already; choose another name.`);
    }
    throw error;
  }
}

function rowOf(row: StoredLabel): LabelRow {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    description: row.description,
    color: row.color,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
