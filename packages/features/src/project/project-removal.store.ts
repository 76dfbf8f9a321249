import { Kept } from '../content/index.ts';
import type { Database, Transaction } from '@moorage/database';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import { forgetUsage } from '../usage/index.ts';

/** Who deletes a project, and whether it may hold something. */
export interface ProjectRemoval {
  readonly projectId: number;
  readonly name: string;
  readonly force: boolean;
  readonly by: string;
  /** Who may bring it back beside administrators. */
  readonly actor: { readonly kind: string; readonly id: number | null };
}

export type ProjectRemovalOutcome = 'deleted' | 'missing' | { readonly repositories: number };

/** The end of a project: into the trash, where it stays as it is, or away when it keeps no trash and holds nothing. */
export class ProjectRemovalStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Deletes a project; its name is free at once. The locks keep a push that is just finishing from being deleted unseen,
   * and a new one from starting. Throws {@link Kept} when a hold or an immutability rule keeps something in it.
   */
  remove(
    removal: ProjectRemoval,
    eventOf: (trashItemId: number | null) => DomainEvent,
  ): Promise<ProjectRemovalOutcome> {
    const { projectId } = removal;
    return this.#database.transaction(async (transaction) => {
      const locked = await transaction.query('select 1 from projects where id = $1 and deleted_at is null for update', [
        projectId,
      ]);
      if (locked.length === 0) return 'missing';
      const repositories = await transaction.query<{ pushed: boolean }>(
        'select first_pushed_at is not null as pushed from repositories where project_id = $1 order by id for update',
        [projectId],
      );
      const pushed = repositories.filter((repository) => repository.pushed).length;
      if (pushed > 0 && !removal.force) return { repositories: pushed };
      await refuseKept(transaction, projectId);
      const [keeping] = await transaction.query<{ days: number; trashed: boolean }>(
        `select trash_days_of($1) as days, exists (select from trash_items where project_id = $1) as trashed`,
        [projectId],
      );
      const days = keeping?.days ?? 0;
      const isEmpty = pushed === 0 && !keeping?.trashed;
      const itemId = days === 0 && isEmpty ? null : await moveToTrash(transaction, removal, days);
      if (itemId === null) {
        await forgetUsage(transaction, projectId);
        await transaction.query('delete from projects where id = $1', [projectId]);
      }
      await appendEvents(transaction, [eventOf(itemId)]);
      return 'deleted';
    });
  }
}

async function moveToTrash(transaction: Transaction, removal: ProjectRemoval, days: number): Promise<number> {
  const [item] = await transaction.query<{ id: number }>(
    `with gone as (update projects set deleted_at = now(), updated_at = now() where id = $1)
     insert into trash_items (project_id, kind, title, tag_count, artifact_count, bytes, deleted_by, details, state, expires_at)
     select $1, 'project', $2, coalesce(sum(r.tag_count), 0), coalesce(sum(r.artifact_count), 0),
       (select coalesce(sum(size), 0) from project_blobs where project_id = $1), $3, $4::jsonb,
       case when $5::int = 0 then 'emptying' else 'kept' end, now() + make_interval(days => $5)
     from repositories r where r.project_id = $1
     returning id`,
    [removal.projectId, removal.name, removal.by, JSON.stringify({ actor: removal.actor }), days],
  );
  if (!item) throw new Error('the insert of a trash item returned nothing');
  return item.id;
}

/** Holds lock the project's row, so none can come between. */
async function refuseKept(transaction: Transaction, projectId: number): Promise<void> {
  const [held] = await transaction.query<{ digest: string; repository: string; hold: string }>(
    `select digest_text(m.digest) as digest, r.name as repository, hold_of(m.id) as hold
     from artifact_holds h join manifests m on m.id = h.manifest_id join repositories r on r.id = m.repository_id
     where h.project_id = $1 and (h.held_until is null or h.held_until > now()) limit 1`,
    [projectId],
  );
  if (held)
    throw new Kept(`the artifact ${held.repository}@${held.digest} is ${held.hold}, so its project cannot be deleted`);
  const [immutable] = await transaction.query<{ name: string }>(
    `select r.name || ':' || t.name as name from tags t join repositories r on r.id = t.repository_id
     where t.project_id = $1
       and exists (select from immutable_tag_rules where project_id = $1 and not is_disabled)
       and immutable_rule_of($1, t.repository_id, t.name) is not null limit 1`,
    [projectId],
  );
  if (immutable) {
    throw new Kept(`the tag ${immutable.name} is immutable, so its project cannot be deleted: disable the rule first`);
  }
}
