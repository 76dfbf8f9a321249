interface Reference {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
}

interface ManifestBody {
  readonly config?: Reference;
  readonly layers?: readonly Reference[];
  readonly manifests?: readonly Reference[];
}

/** A manifest as it is kept. */
export interface StoredManifest {
  readonly repository: string;
  readonly project: number;
  readonly digest: string;
  readonly payload: Buffer;
}

/** Blobs that manifests need, and what each project holds of bytes, each digest once. */
export interface NeededContent {
  readonly blobs: ReadonlySet<string>;
  readonly bytesByProject: ReadonlyMap<number, number>;
}

/** Works out from the manifests alone, read anew from their bytes, which blobs must be stored and what projects use. */
export function contentNeededBy(manifests: Iterable<StoredManifest>): NeededContent {
  const all = [...manifests];
  const isManifest = new Set(all.map(({ repository, digest }) => `${repository}@${digest}`));
  const blobs = new Set<string>();
  const projects = new Map<number, Map<string, number>>();
  for (const { repository, project, digest, payload } of all) {
    const sizes = projects.get(project) ?? new Map<string, number>();
    projects.set(project, sizes.set(digest, payload.length));
    const body = JSON.parse(payload.toString()) as ManifestBody;
    const entries = (body.manifests ?? []).filter((entry) => !isManifest.has(`${repository}@${entry.digest}`));
    for (const part of [body.config, ...(body.layers ?? []), ...entries]) {
      if (part === undefined || /foreign|nondistributable/.test(part.mediaType)) continue;
      blobs.add(part.digest);
      sizes.set(part.digest, part.size);
    }
  }
  const total = (sizes: ReadonlyMap<string, number>) => [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { blobs, bytesByProject: new Map([...projects].map(([project, sizes]) => [project, total(sizes)])) };
}
