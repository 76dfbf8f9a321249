import type { Finding, SourceFile } from './tree.rules.ts';

/**
 * Who takes content away or moves tags: issue 4 has one graph decide what may go, so that a statement elsewhere would
 * decide by itself. For each file, its folder from `packages/features/src`, the tables it may delete from.
 */
const REMOVERS: Readonly<Record<string, readonly string[]>> = {
  // By the decision of room reachability, or as a whole repository that nothing holds.
  'content/manifest-removal.store.ts': ['manifests', 'tags'],
  'content/tag-removal.store.ts': ['tags'],
  'content/repository-removal.store.ts': ['manifests', 'repositories', 'repository_blobs'],
  // Links and blobs that no manifest and no trash needs, by `garbage.rules.ts`.
  'garbage-collection/garbage.store.ts': ['blobs', 'repository_blobs'],
  // A client's DELETE of a blob that no manifest of the repository needs (X3).
  'registry/repository-blobs.store.ts': ['repository_blobs'],
  // An empty project; and a project that was in the trash for its time, or was not to be kept there.
  'project/project-removal.store.ts': ['projects'],
  'trash/project-trash.store.ts': ['manifests', 'projects', 'repositories', 'repository_blobs', 'trash_items'],
  // What comes back leaves the trash, and what was there for its time.
  'trash/purge.store.ts': ['trash_items'],
  'restoration/restoration.store.ts': ['trash_items'],
  'restoration/large-restoration.store.ts': ['trash_items'],
  'restoration/large-merge.store.ts': ['trash_items'],
  'restoration/moving-item.store.ts': ['trash_tags', 'trash_manifests', 'trash_blobs'],
};

/** Who sets tags, so that the immutability of the database sees every one: files that insert or move them. */
const TAGGERS = new Set([
  'content/tag-change.store.ts',
  'registry/manifest-put-statement.store.ts',
  'restoration/restored-content.store.ts',
]);

const CONTENT = [
  ...['tags', 'manifests', 'repositories', 'repository_blobs', 'blobs', 'manifest_blobs', 'manifest_children'],
  ...['projects', 'trash_items', 'trash_manifests', 'trash_tags', 'trash_blobs'],
].join('|');
const DELETE = new RegExp(String.raw`\b(?:delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?"?(${CONTENT})\b`, 'gi');
const TAG =
  /\binsert\s+into\s+tags\b|\bupdate\s+tags\s+(?:as\s+)?(?:\w+\s+)?set\s+(?:(?!\b(?:from|where|returning)\b)[^;`])*?\b(?:manifest_id|digest|name)\s*=/i;
/** Statements put together from a table's name would escape the rule. */
const NAMELESS = /\b(?:delete\s+from|truncate)\s+\$\{/i;
const NAMELESS_ALLOWED = new Set(['trash/purge.store.ts']);

const isProduct = (path: string) =>
  /^(apps|packages)\/.*\.ts$/.test(path) &&
  !/\.spec\.ts$|\/test(ing)?\/|^packages\/(tooling|e2e|testing|distribution)\/|^packages\/database\/src\/migrations\//.test(
    path,
  );

/** Checks that only the rooms named here take content away, set tags or empty the trash. */
export function checkContentRemoval(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path, text }) => {
    if (!isProduct(path)) return [];
    const place = path.replace('packages/features/src/', '');
    const tables = [...new Set([...text.matchAll(DELETE)].map((match) => (match[1] as string).toLowerCase()))];
    const finding = (message: string): Finding => ({ rule: 'content-removal', path, message });
    const isNameless = NAMELESS.test(text) && !NAMELESS_ALLOWED.has(place);
    return [
      ...tables
        .filter((table) => !REMOVERS[place]?.includes(table))
        .map((table) => finding(`only the rooms in content-removal.rules.ts delete from ${table}; ask ContentRemoval`)),
      ...(TAG.test(text) && !TAGGERS.has(place) ? [finding('only ContentChanges and the engine set tags')] : []),
      ...(isNameless ? [finding('write the name of the table you delete from')] : []),
    ];
  });
}
