import { type ContentDescriptor, type Digest, digestOf, type NewManifest, parseManifest } from '@moorage/distribution';
import { ContentChanges, digestBytes } from '../src/content/index.ts';
import { schemeTagsOf } from '../src/reachability/index.ts';
import {
  change,
  descriptor,
  link,
  type RegistryFixture,
  scope,
  tag,
} from '../src/registry/testing/registry-fixture.ts';
import type { Choices } from './choices.ts';

const LAYER = 'application/vnd.oci.image.layer.v1.tar';
const FOREIGN = 'application/vnd.oci.image.layer.nondistributable.v1.tar';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const IMAGE = 'application/vnd.oci.image.manifest.v1+json';
const TAGS = ['v1', 'v2', 'latest', 'dev'];

/** A repository of a random world, with what was pushed there. */
export interface RandomRepository {
  readonly projectId: number;
  /** Full name. */
  readonly name: string;
  readonly pushed: NewManifest[];
}

/** A manifest to be made; what is absent is not in it. */
export interface ManifestParts {
  readonly config?: ContentDescriptor | undefined;
  readonly layers?: readonly ContentDescriptor[];
  /** Manifests or blobs that an index lists. */
  readonly entries?: readonly ContentDescriptor[] | undefined;
  readonly subject?: ContentDescriptor | undefined;
  /** What nydus' annotations name. */
  readonly source?: Digest | undefined;
  readonly tags?: readonly string[];
  readonly salt: string;
}

export function described({ digest, mediaType, payload }: NewManifest): ContentDescriptor {
  return { digest, mediaType, size: payload.length };
}

/** The bytes of a manifest and what the engine reads in them. */
export function manifestOf({
  config,
  layers = [],
  entries,
  subject,
  source,
  tags = [],
  salt,
}: ManifestParts): NewManifest {
  const mediaType = entries ? INDEX : IMAGE;
  const bootstrap = { 'containerd.io/snapshot/nydus-bootstrap': 'true' };
  const annotations = {
    salt,
    ...(source ? { 'io.goharbor.artifact.v1alpha1.acceleration.source.digest': source } : {}),
  };
  const last = source && layers.length > 0 ? [{ ...(layers.at(-1) as ContentDescriptor), annotations: bootstrap }] : [];
  const content = entries
    ? { manifests: entries }
    : {
        config: { ...config, mediaType: CONFIG },
        layers: [...(last.length > 0 ? layers.slice(0, -1) : layers), ...last],
      };
  const body = { schemaVersion: 2, mediaType, ...content, ...(subject ? { subject } : {}), annotations };
  const payload = Buffer.from(JSON.stringify(body));
  return {
    digest: digestOf(payload),
    payload,
    ...parseManifest(payload, mediaType),
    tags: tags.map(tag),
    allowMissing: false,
  };
}

/** Fills repositories with images, indexes, signatures of every kind, tags, holds and mounts, as one number says. */
export class RandomContent {
  readonly repositories: readonly RandomRepository[];
  readonly blobs: readonly ContentDescriptor[];
  readonly #fixture: RegistryFixture;
  readonly #choices: Choices;
  #serial = 0;

  constructor(
    fixture: RegistryFixture,
    choices: Choices,
    projects: readonly { readonly id: number; readonly name: string }[],
  ) {
    this.#fixture = fixture;
    this.#choices = choices;
    const [first, second] = projects as [{ id: number; name: string }, { id: number; name: string }];
    this.repositories = [
      { projectId: first.id, name: `${first.name}/a`, pushed: [] },
      { projectId: first.id, name: `${first.name}/b`, pushed: [] },
      { projectId: second.id, name: `${second.name}/a`, pushed: [] },
    ];
    this.blobs = Array.from({ length: 8 }, (_, n) => descriptor(`${choices.seed} blob ${n}`, 100 + n, LAYER));
  }

  get #change() {
    return (repository: RandomRepository) => change(scope(repository.projectId, repository.name));
  }

  async fill(manifests: number): Promise<void> {
    for (const repository of this.repositories) {
      await link(this.#fixture.store, this.#change(repository), this.#choices.some(this.blobs, 5));
      const from = this.#choices.one(this.repositories);
      for (const { digest } of this.#choices.some(this.blobs, 3))
        await this.#fixture.store.mountBlob(this.#change(repository), digest, scope(from.projectId, from.name));
    }
    for (let count = 0; count < manifests; count++) await this.push(this.#choices.one(this.repositories));
    for (let count = this.#choices.below(4); count > 0; count--)
      await this.tagByScheme(this.#choices.one(this.repositories));
    for (let count = this.#choices.below(3); count > 0; count--) await this.hold(this.#choices.one(this.repositories));
  }

  async push(repository: RandomRepository): Promise<void> {
    const choices = this.#choices;
    const { pushed } = repository;
    const isIndex = pushed.length > 0 && choices.once(3);
    const own = choices.some(this.blobs, 3).map((blob) => (choices.once(8) ? { ...blob, mediaType: FOREIGN } : blob));
    const config = choices.one(this.blobs);
    const needed = isIndex
      ? choices.some(this.blobs, 1)
      : [config, ...own.filter(({ mediaType }) => mediaType !== FOREIGN)];
    await link(this.#fixture.store, this.#change(repository), needed);
    const subject = choices.once(3) ? choices.any(pushed) : undefined;
    const cosign = choices.once(4) ? choices.any(pushed) : undefined;
    const suffix = 1 + choices.below(3);
    const manifest = manifestOf({
      ...(isIndex ? { entries: [...choices.some(pushed, 3).map(described), ...needed] } : { config, layers: own }),
      ...(subject ? { subject: described(subject) } : {}),
      ...(choices.once(8) ? { source: choices.any(pushed)?.digest } : {}),
      tags: [...choices.some(TAGS, choices.once(2) ? 2 : 0), ...(cosign ? [schemeTagOf(cosign, suffix)] : [])],
      salt: `${this.#choices.seed} ${this.#serial++}`,
    });
    const outcome = await this.#fixture.store.putManifest(this.#change(repository), manifest);
    if (outcome.status === 'stored') pushed.push(manifest);
  }

  /** A tag of cosign or of the referrers schema that somebody sets by hand, on whatever is there. */
  async tagByScheme(repository: RandomRepository): Promise<void> {
    const [of, on] = [this.#choices.any(repository.pushed), this.#choices.any(repository.pushed)];
    if (!of || !on) return;
    const wanted = { name: tag(schemeTagOf(of, this.#choices.below(4))), digest: on.digest, pushedBy: 'me' };
    const place = scope(repository.projectId, repository.name);
    await new ContentChanges(this.#fixture.database).addTag(place, wanted, { data: {} }).catch(() => undefined);
  }

  /** A legal hold, or a lock that has ended. */
  async hold(repository: RandomRepository): Promise<void> {
    const held = this.#choices.any(repository.pushed);
    if (!held) return;
    await this.#fixture.database.query(
      `insert into artifact_holds (project_id, manifest_id, kind, held_until, reason, created_by)
       select project_id, id, case when $3 then 'legal-hold' else 'lock' end, case when $3 then null else now() - interval '1 day' end,
         'test', 'me' from manifests where project_id = $1 and digest = digest_bytes($2)`,
      [repository.projectId, held.digest, !this.#choices.once(3)],
    );
  }
}

function schemeTagOf(of: NewManifest, which: number): string {
  return schemeTagsOf(digestBytes(of.digest).toString('hex'))[which] as string;
}
