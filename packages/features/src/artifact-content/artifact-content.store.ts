import type { Database } from '@moorage/database';
import type { Digest } from '@moorage/distribution';
import { digestBytes, digestFromHex } from '../content/index.ts';

/** A blob that a manifest names and its repository has. */
export interface ContentBlob {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly role: 'config' | 'layer' | 'entry';
}

/** What manifests are made of, in SQL. Blobs are named only when their repository has them: only then may they be read (S67). */
export class ArtifactContentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The bytes of a manifest. */
  async readPayload(projectId: number, manifestId: number): Promise<Buffer | null> {
    const rows = await this.#database.query<{ payload: Buffer }>(
      'select payload from manifests where project_id = $1 and id = $2',
      [projectId, manifestId],
    );
    return rows[0]?.payload ?? null;
  }

  async findConfig(
    projectId: number,
    manifestId: number,
  ): Promise<{ digest: Digest; mediaType: string; size: number } | null> {
    const rows = await this.#database.query<{ digest: string; media_type: string; size: number }>(
      `select encode(m.config_digest, 'hex') as digest, m.config_media_type as media_type, rb.size
       from manifests m join repository_blobs rb on rb.repository_id = m.repository_id and rb.digest = m.config_digest
       where m.project_id = $1 and m.id = $2`,
      [projectId, manifestId],
    );
    const [row] = rows;
    return row ? { digest: digestFromHex(row.digest), mediaType: row.media_type, size: row.size } : null;
  }

  /** Config and layers in order, at most `limit`; foreign layers are left out. */
  async listBlobs(projectId: number, manifestId: number, limit: number): Promise<ContentBlob[]> {
    const rows = await this.#database.query<{
      digest: string;
      media_type: string;
      size: number;
      role: ContentBlob['role'];
    }>(
      `select encode(mb.digest, 'hex') as digest, mb.media_type, rb.size, mb.role
       from manifests m join manifest_blobs mb on mb.manifest_id = m.id
       join repository_blobs rb on rb.repository_id = m.repository_id and rb.digest = mb.digest
       where m.project_id = $1 and m.id = $2 and mb.role <> 'foreign' order by mb.position limit $3`,
      [projectId, manifestId, limit],
    );
    return rows.map((row) => ({
      digest: digestFromHex(row.digest),
      mediaType: row.media_type,
      size: row.size,
      role: row.role,
    }));
  }

  /** The first layer of the newest bill of materials among the accessories of an artifact. */
  async findSbom(projectId: number, repositoryId: number, subject: Digest): Promise<{ digest: Digest } | null> {
    const rows = await this.#database.query<{ digest: string }>(
      `select encode(mb.digest, 'hex') as digest from manifests a
       join manifest_blobs mb on mb.manifest_id = a.id and mb.role = 'layer'
       join repository_blobs rb on rb.repository_id = a.repository_id and rb.digest = mb.digest
       where a.project_id = $1 and a.repository_id = $2 and a.accessory_of = $3
         and (a.type = 'SBOM' or a.accessory_type = 'sbom.harbor')
       order by a.id desc, mb.position limit 1`,
      [projectId, repositoryId, digestBytes(subject)],
    );
    return rows[0] ? { digest: digestFromHex(rows[0].digest) } : null;
  }
}
