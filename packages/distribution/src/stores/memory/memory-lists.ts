import type { Catalog, NamePage, ReferrerDescriptor, Referrers, Tags } from '../../ports/index.ts';
import type { MemoryManifest, MemoryState } from './memory-state.ts';

export function memoryLists(state: MemoryState): Tags & Referrers & Catalog {
  return {
    async listTags(scope, { after, limit }) {
      const repository = state.find(scope);
      return repository ? page([...repository.tags.keys()], after, limit) : null;
    },

    async listReferrers(scope, subject, { artifactTypes, after, limit, maxBytes }) {
      const start = after === undefined ? Number.POSITIVE_INFINITY : Number(after) || Number.POSITIVE_INFINITY;
      const matching = [...(state.find(scope)?.manifests.values() ?? [])]
        .filter(({ content, sequence }) => content.subject?.digest === subject && sequence < start)
        .filter(({ content }) => artifactTypes.length === 0 || artifactTypes.includes(content.artifactType ?? ''))
        .sort((a, b) => b.sequence - a.sequence);
      const items: ReferrerDescriptor[] = [];
      let bytes = 0;
      for (const manifest of matching) {
        const item = referrer(manifest);
        bytes += JSON.stringify(item).length;
        if (items.length > 0 && (items.length >= limit || bytes > maxBytes)) {
          return { items, next: String(matching[items.length - 1]?.sequence) };
        }
        items.push(item);
      }
      return { items };
    },

    async listRepositories(filter, { after, limit }) {
      const visible = [...state.repositories.values()].filter(
        ({ namespaceId }) => filter === 'all' || filter.namespaceIds.includes(namespaceId),
      );
      return page(
        visible.map(({ name }) => name),
        after,
        limit,
      );
    },

    async hasRepository(scope) {
      return state.find(scope) !== undefined;
    },
  };
}

/** Names are ASCII, so the order of JavaScript strings is byte order. */
function page<T extends string>(names: readonly T[], after: string | undefined, limit: number): NamePage<T> {
  const rest = names.filter((name) => after === undefined || name > after).sort(byBytes);
  const items = rest.slice(0, limit);
  return rest.length > limit ? { items, next: items.at(-1) } : { items };
}

function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function referrer({ digest, mediaType, size, content }: MemoryManifest): ReferrerDescriptor {
  const { artifactType, annotations } = content;
  return {
    digest,
    mediaType,
    size,
    ...(artifactType ? { artifactType } : {}),
    ...(annotations ? { annotations } : {}),
  };
}
