import { randomUUID } from 'node:crypto';
import type { ChangeContext, UploadSession, UploadSessions } from '../../ports/index.ts';
import type { ClaimKeeper } from './claim-keeper.ts';
import type { MetadataDatabase } from './metadata-database.ts';
import { type UploadRow, UploadRows } from './upload-rows.ts';

export function filesystemUploadSessions(database: MetadataDatabase, keeper: ClaimKeeper): UploadSessions {
  const rows = new UploadRows(database);

  function claim(context: ChangeContext, id: string, mark: string): UploadRow | 'missing' | 'busy' {
    const row = rows.find(context, id);
    if (!row) return 'missing';
    if (rows.isClaimed(row)) return 'busy';
    rows.claim(id, mark);
    return row;
  }

  return {
    async startUpload(context, algorithm) {
      const session: UploadSession = { id: randomUUID(), offset: 0, algorithm };
      database.relaxed(() => rows.start(context, session));
      return { status: 'started', session };
    },

    async findUpload(context, id) {
      const row = rows.find(context, id);
      return row ? sessionOf(row) : null;
    },

    async claimUpload(context, id) {
      const mark = randomUUID();
      const row = database.relaxed(() => database.transaction(() => claim(context, id, mark)));
      if (typeof row === 'string') return row;
      keeper.keep(mark, id);
      return {
        session: sessionOf(row),
        release: async (offset) => {
          keeper.letGo(mark);
          return database.relaxed(() => rows.release(id, mark, offset));
        },
      };
    },

    async findUploadRoom() {
      return undefined;
    },

    async endUpload(context, id) {
      return rows.end(context, id);
    },

    async listIdleUploads(before, limit) {
      return rows.listIdle(before, limit).map((row) => row.id);
    },

    async expireUpload(id, before) {
      return database.transaction(() => rows.expire(id, before));
    },
  };
}

function sessionOf(row: UploadRow): UploadSession {
  return { id: row.id, offset: row.received, algorithm: row.algorithm ?? undefined };
}
