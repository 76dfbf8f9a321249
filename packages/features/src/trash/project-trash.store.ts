import { AppError } from '@moorage/contracts';
import { isSqlState, SQLSTATE, type TransactionalSql } from '@moorage/database';
import { appendEvents, type AuditEntry, type DomainEvent } from '../outbox/index.ts';
import { forgetUsage } from '../usage/index.ts';
import { type ItemToPurge, PurgeStore } from './purge.store.ts';

const BATCH = 1000;

/** A deleted project that is to come back. */
export interface DeletedProject {
  readonly itemId: number;
  readonly projectId: number;
  /** The name it had. */
  readonly name: string;
  readonly actor: { readonly kind: string; readonly id: number | null } | null;
}

/** Deleted projects: everything of them stays where it was, so restoring is lifting the mark. */
export class ProjectTrashStore {
  readonly #database: TransactionalSql;
  readonly #purges: PurgeStore;

  constructor(database: TransactionalSql) {
    this.#database = database;
    this.#purges = new PurgeStore(database);
  }

  async find(itemId: number): Promise<DeletedProject | null> {
    const [row] = await this.#database.query<{ project_id: number; name: string; actor: DeletedProject['actor'] }>(
      `select i.project_id, p.name, i.details -> 'actor' as actor from trash_items i join projects p on p.id = i.project_id
       where i.id = $1 and i.kind = 'project' and i.state = 'kept'`,
      [itemId],
    );
    return row ? { itemId, projectId: row.project_id, name: row.name, actor: row.actor } : null;
  }

  /** Whether a live project has this name. */
  async isTaken(name: string): Promise<boolean> {
    const rows = await this.#database.query('select from projects where name = $1 and deleted_at is null', [name]);
    return rows.length > 0;
  }

  /** Brings a project back, under another name when one is given. False when somebody was faster. Throws CONFLICT. */
  async restore(project: DeletedProject, name: string, event: DomainEvent): Promise<boolean> {
    try {
      return await this.#database.transaction(async (transaction) => {
        const taken = await transaction.query(
          `delete from trash_items where id = $1 and kind = 'project' and state = 'kept' returning id`,
          [project.itemId],
        );
        if (taken.length === 0) return false;
        await transaction.query('update projects set deleted_at = null, name = $2, updated_at = now() where id = $1', [
          project.projectId,
          name,
        ]);
        if (name !== project.name) {
          const values = [project.projectId, name, project.name.length + 1];
          await transaction.query(
            'update repositories set name = $2 || substr(name, $3) where project_id = $1',
            values,
          );
          await transaction.query(
            `update trash_items set repository = $2 || substr(repository, $3), title = $2 || substr(title, $3),
               details = case when details ? 'restoration' then jsonb_set(details, '{restoration,name}',
                 to_jsonb($2 || substr(details #>> '{restoration,name}', $3))) else details end
             where project_id = $1 and repository is not null`,
            values,
          );
        }
        await appendEvents(transaction, [event]);
        return true;
      });
    } catch (error) {
      if (!isSqlState(error, SQLSTATE.uniqueViolation, 'projects_name')) throw error;
      throw new AppError('CONFLICT', `There is a project ${name}; restore this one under another name.`);
    }
  }

  /** Marks a deleted project for good; false when there is none to be marked. */
  mark(itemId: number, event: DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rows = await transaction.query(
        `update trash_items set state = 'emptying' where id = $1 and kind = 'project' and state = 'kept' returning id`,
        [itemId],
      );
      if (rows.length > 0) await appendEvents(transaction, [event]);
      return rows.length > 0;
    });
  }

  /**
   * Takes a marked project away in batches: rules, manifests with their tags, links, its trash, at last the project.
   * Its account goes with it, so nothing is discharged one by one. Safe to run again after any interruption.
   */
  async empty(item: ItemToPurge, audit: AuditEntry, signal?: AbortSignal): Promise<void> {
    const projectId = item.project_id;
    await this.#database.query('delete from immutable_tag_rules where project_id = $1', [projectId]);
    await this.#database.query(
      `update trash_items set state = 'emptying' where project_id = $1 and kind <> 'project'`,
      [projectId],
    );
    for (let items = await this.#inside(projectId); items.length > 0; items = await this.#inside(projectId)) {
      for (const inside of items) {
        if (signal?.aborted) return;
        await this.#purges.empty(inside, audit);
      }
    }
    for (const take of [TAKE_MANIFESTS, TAKE_LINKS, TAKE_REPOSITORIES]) {
      while ((await this.#count(take, projectId)) > 0) if (signal?.aborted) return;
    }
    await this.#database.transaction(async (transaction) => {
      await forgetUsage(transaction, projectId);
      const gone = await transaction.query(
        'delete from projects where id = $1 and deleted_at is not null returning id',
        [projectId],
      );
      if (gone.length === 0) return;
      const data = { trashItemId: item.id, kind: item.kind, title: item.title };
      await appendEvents(transaction, [{ name: 'trash.purged', projectId, data, audit }]);
    });
  }

  async #inside(projectId: number): Promise<ItemToPurge[]> {
    const items = await this.#purges.marked(BATCH, projectId);
    return items.filter((item) => item.kind !== 'project');
  }

  async #count(statement: string, projectId: number): Promise<number> {
    const [row] = await this.#database.query<{ gone: number }>(statement, [projectId]);
    return row?.gone ?? 0;
  }
}

const taking = (statement: string) => `with gone as (${statement} returning 1) select count(*) as gone from gone`;
const TAKE_MANIFESTS = taking(
  `delete from manifests where id in (select id from manifests where project_id = $1 limit ${BATCH})`,
);
const TAKE_LINKS = taking(
  `delete from repository_blobs where (repository_id, digest) in (
     select rb.repository_id, rb.digest from repositories r join repository_blobs rb on rb.repository_id = r.id
     where r.project_id = $1 limit ${BATCH})`,
);
const TAKE_REPOSITORIES = taking(
  `delete from repositories where id in (select id from repositories where project_id = $1 limit ${BATCH})`,
);
