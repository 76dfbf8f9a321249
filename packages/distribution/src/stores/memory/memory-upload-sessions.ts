import { randomUUID } from 'node:crypto';
import type { ChangeContext, UploadSession, UploadSessions } from '../../ports/index.ts';
import { type MemoryState, type MemoryUpload, repositoryKey } from './memory-state.ts';

export function memoryUploadSessions(state: MemoryState): UploadSessions {
  /** To anyone but its owner, and under any other repository, a session does not exist (S63). */
  function findOwn(context: ChangeContext, id: string): MemoryUpload | undefined {
    const upload = state.uploads.get(id);
    const own = upload?.repository === repositoryKey(context.repository) && upload.callerId === context.caller.id;
    return own ? upload : undefined;
  }

  return {
    async startUpload(context, algorithm) {
      const session: UploadSession = { id: randomUUID(), offset: 0, algorithm };
      const { repository, caller } = context;
      const touchedAt = state.now();
      state.uploads.set(session.id, { repository: repositoryKey(repository), callerId: caller.id, session, touchedAt });
      return { status: 'started', session };
    },

    async findUpload(context, id) {
      return findOwn(context, id)?.session ?? null;
    },

    async claimUpload(context, id) {
      const upload = findOwn(context, id);
      if (!upload) return 'missing';
      if (upload.claim) return 'busy';
      const claim = Symbol('claim');
      upload.claim = claim;
      return {
        session: upload.session,
        release: async (offset) => {
          if (upload.claim !== claim || state.uploads.get(id) !== upload) return false;
          upload.claim = undefined;
          upload.session = { ...upload.session, offset };
          upload.touchedAt = state.now();
          return true;
        },
      };
    },

    async findUploadRoom() {
      return undefined;
    },

    async endUpload(context, id) {
      return findOwn(context, id) !== undefined && state.uploads.delete(id);
    },

    async listIdleUploads(before, limit) {
      return [...state.uploads.values()]
        .filter((upload) => isIdle(upload, before))
        .sort((a, b) => a.touchedAt.getTime() - b.touchedAt.getTime())
        .slice(0, limit)
        .map((upload) => upload.session.id);
    },

    async expireUpload(id, before) {
      const upload = state.uploads.get(id);
      return upload !== undefined && isIdle(upload, before) && state.uploads.delete(id);
    },
  };
}

function isIdle(upload: MemoryUpload, before: Date): boolean {
  return !upload.claim && upload.touchedAt < before;
}
