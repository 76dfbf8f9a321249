import type { Checklist } from '@moorage/contracts';
import { type Database, sql } from '@moorage/database';
import { membershipsOf } from '../access/index.ts';

/** Which first steps a user has taken, read off what there is in the projects he belongs to. */
export class ChecklistStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** One statement; each question stops at the first row that answers it. */
  async read(userId: number): Promise<Checklist> {
    const rows = await this.#database.run<Checklist>(
      sql`with mine as (
            select p.id from projects p
            where p.deleted_at is null and p.id in (select m.project_id from ${membershipsOf(userId)} m)
          )
          select exists (select 1 from mine) as has_project,
            exists (select 1 from repositories r join mine on mine.id = r.project_id where r.first_pushed_at is not null) as has_push,
            (exists (select 1 from repositories r join mine on mine.id = r.project_id where r.pull_count > 0)
              or exists (select 1 from pull_records l join repositories r on r.id = l.repository_id join mine on mine.id = r.project_id)) as has_pull,
            exists (select 1 from project_members m join mine on mine.id = m.project_id
                    where m.entity_type <> 'u' or m.entity_id <> ${userId}) as has_member,
            exists (select 1 from robots b join mine on mine.id = b.project_id where b.is_visible) as has_robot`,
    );
    return rows[0] as Checklist;
  }
}
