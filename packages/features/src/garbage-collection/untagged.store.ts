import type { Database } from '@moorage/database';
import type { Digest, RepositoryName, RepositoryScope } from '@moorage/distribution';
import { digestFromHex } from '../content/index.ts';

/** An artifact without tags that is no part of an index and no accessory of something that is there. */
export interface UntaggedArtifact {
  readonly id: number;
  readonly repository: RepositoryScope;
  readonly digest: Digest;
  readonly bytes: number;
  /** It was pushed last before this time of the database, in milliseconds since 1970. */
  readonly knownUntil: number;
}

/** Finds artifacts without tags, of all projects that are not in the trash: those come back as they were. */
export class UntaggedStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Those that no push relied on, themselves or a part, for longer than the age, after an id, at most `limit`. What lists show without tags is what is meant. */
  async list(afterId: number, ageSeconds: number, limit: number): Promise<UntaggedArtifact[]> {
    const rows = await this.#database.query<{
      id: number;
      project_id: number;
      name: RepositoryName;
      digest: string;
      bytes: number;
      known_until: number;
    }>(
      `select m.id, m.project_id, r.name, encode(m.digest, 'hex') as digest, m.size as bytes,
         (extract(epoch from now() - make_interval(secs => $2)) * 1000)::float8 as known_until
       from manifests m join repositories r on r.id = m.repository_id and r.trash_item_id is null
         join projects p on p.id = m.project_id and p.deleted_at is null
       where m.id > $1 and m.is_listed and m.push_time <= now() - make_interval(secs => $2)
         and m.touched_at <= now() - make_interval(secs => $2)
         and not exists (select from manifest_children c
           join manifests part on part.repository_id = c.repository_id and part.digest = c.child_digest
           where c.manifest_id = m.id and part.touched_at > now() - make_interval(secs => $2))
         and not exists (select from tags t where t.manifest_id = m.id)
         and not exists (select from manifests s where s.repository_id = m.repository_id and s.digest = m.subject_digest)
       order by m.id limit $3`,
      [afterId, ageSeconds, limit],
    );
    return rows.map((row) => ({
      id: row.id,
      repository: { name: row.name, namespaceId: row.project_id },
      digest: digestFromHex(row.digest),
      bytes: row.bytes,
      knownUntil: row.known_until,
    }));
  }
}
