import { randomUUID } from 'node:crypto';
import type { DigestAlgorithm } from '../../digest.ts';
import type { ChangeContext, UploadClaim, UploadSession, UploadSessions } from '../../ports/index.ts';
import { CLAIM_HOLDER, CLAIM_MS, type ClaimKeeper, isHolderGone } from './claim-keeper.ts';
import type { MetadataDatabase } from './metadata-database.ts';

interface UploadRow {
  readonly id: string;
  readonly received: number;
  readonly algorithm: DigestAlgorithm | null;
  readonly claim: string | null;
  readonly claim_holder: string | null;
  readonly claim_expires_at: number | null;
}

export function filesystemUploadSessions(database: MetadataDatabase, keeper: ClaimKeeper): UploadSessions {
  const start = database.prepare(`
    insert into uploads (id, namespace_id, repository, caller_id, algorithm, received, touched_at)
    values (?, ?, ?, ?, ?, 0, ?)`);
  // To anyone but its owner, and under any other repository, a session does not exist (S63).
  const find = database.prepare<UploadRow>(
    'select * from uploads where id = ? and namespace_id = ? and repository = ? and caller_id = ?',
  );
  const claim = database.prepare('update uploads set claim = ?, claim_holder = ?, claim_expires_at = ? where id = ?');
  const release = database.prepare(`
    update uploads set received = ?, touched_at = ?, claim = null, claim_holder = null, claim_expires_at = null
    where id = ? and claim = ?`);
  const end = database.prepare(
    'delete from uploads where id = ? and namespace_id = ? and repository = ? and caller_id = ?',
  );
  const listIdle = database.prepare<UploadRow>(
    'select * from uploads where touched_at < ? order by touched_at limit ?',
  );
  const findIdle = database.prepare<UploadRow>('select * from uploads where id = ? and touched_at < ?');
  const expire = database.prepare('delete from uploads where id = ?');

  const now = () => database.now().getTime();
  const key = ({ repository, caller }: ChangeContext, id: string) =>
    [id, repository.namespaceId, repository.name, caller.id] as const;
  const isClaimed = (row: UploadRow) =>
    row.claim_holder !== null && (row.claim_expires_at ?? 0) > now() && !isHolderGone(row.claim_holder);

  function hold(row: UploadRow, mark: string): UploadClaim {
    keeper.keep(mark, row.id);
    return {
      session: sessionOf(row),
      release: async (offset) => {
        keeper.letGo(mark);
        return release.run(offset, now(), row.id, mark) === 1;
      },
    };
  }

  return {
    async startUpload(context, algorithm) {
      const session: UploadSession = { id: randomUUID(), offset: 0, algorithm };
      const { repository, caller } = context;
      start.run(session.id, repository.namespaceId, repository.name, caller.id, algorithm ?? null, now());
      return { status: 'started', session };
    },

    async findUpload(context, id) {
      const row = find.get(...key(context, id));
      return row ? sessionOf(row) : null;
    },

    async claimUpload(context, id) {
      const mark = randomUUID();
      const outcome = database.transaction(() => {
        const row = find.get(...key(context, id));
        if (!row) return 'missing';
        if (isClaimed(row)) return 'busy';
        claim.run(mark, CLAIM_HOLDER, now() + CLAIM_MS, id);
        return row;
      });
      return typeof outcome === 'string' ? outcome : hold(outcome, mark);
    },

    async endUpload(context, id) {
      return end.run(...key(context, id)) === 1;
    },

    async listIdleUploads(before, limit) {
      const rows = listIdle.all(before.getTime(), limit);
      return rows.filter((row) => !isClaimed(row)).map((row) => row.id);
    },

    async expireUpload(id, before) {
      return database.transaction(() => {
        const row = findIdle.get(id, before.getTime());
        return row !== undefined && !isClaimed(row) && expire.run(id) === 1;
      });
    },
  };
}

function sessionOf(row: UploadRow): UploadSession {
  return { id: row.id, offset: row.received, algorithm: row.algorithm ?? undefined };
}
