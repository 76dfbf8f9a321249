import {
  type Digest,
  digestOf,
  type NewManifest,
  parseReference,
  type Reference,
  RegistryError,
} from '@moorage/distribution';
import { AppError } from '@moorage/contracts';
import { planTask, type Processor } from '@moorage/jobs';
import { seedProject } from '@moorage/testing';
import { ContentChanges, ContentRemoval, digestBytes, Kept } from '../src/content/index.ts';
import { ExecutionService } from '../src/execution/index.ts';
import { UntaggedStore } from '../src/garbage-collection/untagged.store.ts';
import { schemeTagsOf } from '../src/reachability/index.ts';
import { collectableAfterSeconds } from '../src/registry/index.ts';
import { change, scope, tag } from '../src/registry/testing/registry-fixture.ts';
import { RestorationStore } from '../src/restoration/index.ts';
import { planRetention, RETENTION_VENDOR } from '../src/retention/retention.jobs.ts';
import { runTasks } from '../src/retention/testing/run-tasks.ts';
import { emptyTrashPulse } from '../src/trash/index.ts';
import type { Choices } from './choices.ts';
import type { GarbageWorld, PushedBlob } from './garbage-world.ts';
import { described, manifestOf } from './random-content.ts';

const LAYER = 'application/vnd.oci.image.layer.v1.tar';
/** Of a world at once; an account may have a hundred. */
const MOST_UPLOADS = 3;
const ORIGIN = { reason: 'deleted', by: 'me' } as const;

/** What a world is made of: the engine and the workers' services on one database. */
export interface WorldParts {
  readonly garbage: GarbageWorld;
  readonly retention: readonly Processor[];
  /** Makes a policy that keeps the tags that begin with `keep`; its number. */
  readonly policyOf: (projectId: number) => Promise<number>;
}

export interface WorldRepository {
  readonly projectId: number;
  readonly name: string;
  readonly pushed: NewManifest[];
  /** Blobs somebody was told of, and when by the world's clock. */
  readonly promised: Map<Digest, number>;
}

interface OpenUpload {
  readonly repository: WorldRepository;
  readonly id: string;
  readonly blob: PushedBlob;
  readonly sent: number;
}

/** Refused for a reason a user may be told; anything else is a defect. */
function refusable(error: unknown): 'refused' {
  const isRefusal = error instanceof Kept || error instanceof AppError || error instanceof RegistryError;
  if (isRefusal) return 'refused';
  throw error;
}

/** Two projects in which everything happens at a time of its own; seconds pass only when it says so. */
export class ContentWorld {
  readonly repositories: readonly WorldRepository[];
  readonly #parts: WorldParts;
  readonly #choices: Choices;
  readonly #blobs: readonly PushedBlob[];
  readonly #uploads: OpenUpload[] = [];
  readonly #policies: ReadonlyMap<number, number>;
  #now = 0;
  #serial = 0;

  private constructor(
    parts: WorldParts,
    choices: Choices,
    policies: ReadonlyMap<number, number>,
    names: readonly string[],
  ) {
    this.#parts = parts;
    this.#choices = choices;
    this.#policies = policies;
    const [first, second] = [...policies.keys()] as [number, number];
    const place = (projectId: number, name: string) => ({ projectId, name, pushed: [], promised: new Map() });
    this.repositories = [place(first, `${names[0]}/a`), place(first, `${names[0]}/b`), place(second, `${names[1]}/a`)];
    this.#blobs = Array.from({ length: 8 }, (_, n) => {
      const bytes = Buffer.from(`${choices.seed} blob ${n} ${'x'.repeat(n)}`);
      return { digest: digestOf(bytes), bytes };
    });
  }

  static async open(parts: WorldParts, choices: Choices): Promise<ContentWorld> {
    const { database } = parts.garbage.test;
    const [owner] = await database.query<{ id: number }>('select min(id) as id from users');
    const names = [`k${choices.seed}`, `l${choices.seed}`];
    const policies = new Map<number, number>();
    for (const name of names) {
      const id = await seedProject(database, name, { ownerId: owner?.id ?? 0 });
      policies.set(id, await parts.policyOf(id));
    }
    return new ContentWorld(parts, choices, policies, names);
  }

  get projects(): readonly number[] {
    return [...this.#policies.keys()];
  }

  get now(): number {
    return this.#now;
  }

  get grace(): number {
    return this.#parts.garbage.graceSeconds;
  }

  /** Blobs the repository must still have, as it said so within the grace time. */
  promisedIn({ promised }: WorldRepository): Digest[] {
    return [...promised].flatMap(([digest, at]) => (this.#now - at < this.grace ? [digest] : []));
  }

  /** Whole in one request, in two with time between, or by a mount; or one of those under way goes on or is given up. */
  async upload(repository: WorldRepository): Promise<void> {
    const { operations } = this.#parts.garbage;
    const blob = this.#choices.one(this.#blobs);
    const context = change(scope(repository.projectId, repository.name));
    switch (this.#uploads.length < MOST_UPLOADS ? this.#choices.below(4) : 2) {
      case 0:
        return this.#pushBlob(repository, blob);
      case 1: {
        const { id } = await operations.startUpload(context);
        const sent = Math.floor(blob.bytes.length / 2);
        await operations.appendUpload(context, id, { source: once(blob.bytes.subarray(0, sent)) });
        this.#uploads.push({ repository, id, blob, sent });
        return;
      }
      case 2:
        return this.#proceed();
      default:
        return this.#mount(repository, blob.digest);
    }
  }

  async #pushBlob(repository: WorldRepository, { digest, bytes }: PushedBlob): Promise<void> {
    const context = change(scope(repository.projectId, repository.name));
    await this.#parts.garbage.operations.pushBlob(context, digest, { source: once(bytes) });
    repository.promised.set(digest, this.#now);
  }

  async #proceed(): Promise<void> {
    const open = this.#uploads.splice(this.#choices.below(this.#uploads.length), 1)[0];
    if (!open) return;
    const { repository, id, blob, sent } = open;
    const { operations } = this.#parts.garbage;
    const context = change(scope(repository.projectId, repository.name));
    if (this.#choices.once(4)) return operations.cancelUpload(context, id);
    await operations.finishUpload(context, id, blob.digest, { source: once(blob.bytes.subarray(sent)) });
    repository.promised.set(blob.digest, this.#now);
  }

  async #mount(repository: WorldRepository, digest: Digest): Promise<void> {
    const from = this.#choices.one(this.repositories);
    const context = change(scope(repository.projectId, repository.name));
    const isMounted = await this.#parts.garbage.operations.mountBlob(context, digest, scope(from.projectId, from.name));
    if (isMounted) repository.promised.set(digest, this.#now);
  }

  /** An image or index of what the repository promised; it must never be told that something is missing. */
  async push(repository: WorldRepository): Promise<void> {
    const choices = this.#choices;
    const { pushed } = repository;
    if (this.promisedIn(repository).length < 2) await this.#pushBlob(repository, choices.one(this.#blobs));
    const own = this.promisedIn(repository).map((digest) => this.#descriptor(digest));
    const present = await this.#presentIn(repository);
    const children = choices.once(3) ? choices.some(present, 3) : [];
    const subject = choices.once(3) ? choices.any(pushed) : undefined;
    const cosign = choices.once(5) ? choices.any(pushed) : undefined;
    const tags = [...(choices.once(2) ? [choices.one(['keep1', 'keep2', 'v1', 'latest', 'dev'])] : [])];
    const manifest = manifestOf({
      ...(children.length > 0
        ? { entries: [...children.map(described), ...choices.some(own, 1)] }
        : { config: choices.one(own), layers: choices.some(own, 3) }),
      ...(subject ? { subject: described(subject) } : {}),
      salt: `${this.#choices.seed} ${this.#serial++}`,
    });
    const reference = cosign ? schemeTagOf(cosign, 1 + this.#choices.below(3)) : tags[0];
    const stored = this.#parts.garbage.operations.putManifest(change(scope(repository.projectId, repository.name)), {
      reference: parseReference(reference ?? manifest.digest) as Reference,
      contentType: manifest.mediaType,
      payload: manifest.payload,
      tags: [],
      allowMissing: false,
    });
    // A rule or a hold may keep the tag where it is; what was promised may not be missing.
    const isRefused = await stored.then(
      () => false,
      (error: unknown) => {
        if (error instanceof RegistryError && error.code === 'DENIED') return true;
        throw error;
      },
    );
    if (isRefused) return;
    pushed.push(manifest);
  }

  /** Puts a tag on something that is there, a fallback tag of something now and then. */
  async retag({ projectId, name, pushed }: WorldRepository): Promise<string | null> {
    const on = this.#choices.any(pushed);
    const of = this.#choices.any(pushed);
    if (!on || !of) return null;
    const wanted = this.#choices.once(3)
      ? schemeTagOf(of, this.#choices.below(4))
      : this.#choices.one(['keep1', 'v1', 'dev']);
    const moved = { name: tag(wanted), digest: on.digest, pushedBy: 'me', how: 'revert' };
    await new ContentChanges(this.#database).moveTag(scope(projectId, name), moved, { data: {} }).catch(refusable);
    return wanted;
  }

  async untag({ projectId, name }: WorldRepository): Promise<string> {
    const wanted = this.#choices.one(['keep1', 'keep2', 'v1', 'latest', 'dev']);
    await new ContentRemoval(this.#database)
      .removeTags({
        repository: scope(projectId, name),
        tags: [{ name: tag(wanted) }],
        origin: ORIGIN,
        eventOf: () => ({ data: {} }),
      })
      .catch(refusable);
    return wanted;
  }

  async delete({ projectId, name }: WorldRepository, digests: readonly Digest[], along: boolean): Promise<void> {
    const artifacts = digests.map((digest) => ({ digest }));
    await new ContentRemoval(this.#database)
      .removeArtifacts({
        repository: scope(projectId, name),
        artifacts,
        along,
        origin: ORIGIN,
        eventOf: () => ({ data: {} }),
      })
      .catch(refusable);
  }

  async deleteRepository(repository: WorldRepository): Promise<void> {
    const { projectId, name } = repository;
    const event = { name: 'repository.deleted', projectId, data: {} };
    const outcome = await new ContentChanges(this.#database)
      .removeRepository(scope(projectId, name), ORIGIN, () => event)
      .catch(refusable);
    if (outcome !== 'refused' && outcome !== null) repository.promised.clear();
  }

  /** A client's own DELETE of a blob: refused while a manifest needs it. */
  async unlink(repository: WorldRepository): Promise<void> {
    const { digest } = this.#choices.one(this.#blobs);
    const context = change(scope(repository.projectId, repository.name));
    const outcome = await this.#parts.garbage.operations.deleteBlob(context, digest).catch(refusable);
    if (outcome !== 'refused') repository.promised.delete(digest);
  }

  async hold({ projectId, pushed }: WorldRepository): Promise<void> {
    const held = this.#choices.any(pushed);
    if (!held) return;
    if (this.#choices.once(3))
      await this.#database.query('delete from artifact_holds where project_id = $1', [projectId]);
    else
      await this.#database.query(
        `insert into artifact_holds (project_id, manifest_id, kind, reason, created_by)
         select project_id, id, 'legal-hold', 'court', 'me' from manifests where project_id = $1 and digest = digest_bytes($2)`,
        [projectId, held.digest],
      );
  }

  /** A run of the project's policy, from plan to removal. */
  async retain(projectId: number): Promise<void> {
    const policyId = this.#policies.get(projectId) ?? 0;
    const executions = new ExecutionService(this.#database);
    const id = await executions.start({
      vendorType: RETENTION_VENDOR,
      vendorId: policyId,
      projectId,
      trigger: 'Manual',
      createdBy: 'owner',
      facts: { dry_run: false },
      tasks: [planTask(planRetention, { projectId, policyId, isDryRun: false })],
    });
    const lines = await runTasks(this.#database, this.#parts.retention);
    const { status } = await executions.get({ vendorType: RETENTION_VENDOR, vendorId: policyId }, id);
    if (status !== 'Success') throw new Error(`the run of retention is ${status}: ${lines.join('\n')}`);
  }

  /** A collection of untagged artifacts, of links and of blobs, and of the bytes that were set aside. */
  async collect(): Promise<void> {
    const names = new Set(this.repositories.map(({ name }) => name));
    const after = collectableAfterSeconds(this.grace);
    for (const { repository, digest, knownUntil } of await new UntaggedStore(this.#database).list(0, after, 100_000))
      if (names.has(repository.name))
        await new ContentRemoval(this.#database).removeArtifacts({
          repository,
          artifacts: [{ digest, knownUntil, knownTags: new Set() }],
          along: true,
          origin: ORIGIN,
          eventOf: () => ({ data: {} }),
        });
    await this.#parts.garbage.collect({ workers: 1 });
    await this.#parts.garbage.giveUp();
  }

  /** Everything comes to be older by some seconds. */
  async pass(seconds: number): Promise<void> {
    this.#now += seconds;
    await this.#database.query('update blobs set last_touched_at = last_touched_at - make_interval(secs => $1)', [
      seconds,
    ]);
    await this.#database.query(
      `update manifests set touched_at = touched_at - make_interval(secs => $1), push_time = push_time - make_interval(secs => $1)
       where project_id = any($2::int[])`,
      [seconds, this.projects],
    );
  }

  async restore(projectId: number): Promise<void> {
    const item = this.#choices.any(await this.#itemsOf(projectId));
    if (item === undefined) return;
    const restoration = { projectId, itemId: item, merge: true, tags: new Map(), skipTakenTags: this.#choices.once(2) };
    const event = { name: 'artifact.restored', projectId, data: {} };
    await new RestorationStore(this.#database)
      .restore({ ...restoration, by: 'me', from: '' }, () => event)
      .catch(refusable);
  }

  /** One item goes for good, or all that have had their time. */
  async purge(projectId: number): Promise<void> {
    const item = this.#choices.any(await this.#itemsOf(projectId));
    if (item === undefined) return;
    await this.#database.query('update trash_items set expires_at = now() where id = $1', [item]);
    await emptyTrashPulse(this.#database, () => Promise.resolve(false)).run(new AbortController().signal);
  }

  async #itemsOf(projectId: number): Promise<number[]> {
    const rows = await this.#database.query<{ id: number }>(
      'select id from trash_items where project_id = $1 order by id',
      [projectId],
    );
    return rows.map(({ id }) => id);
  }

  async #presentIn({ projectId, name, pushed }: WorldRepository): Promise<NewManifest[]> {
    const rows = await this.#database.query<{ digest: Digest }>(
      `select digest_text(m.digest) as digest from manifests m join repositories r on r.id = m.repository_id
       where r.project_id = $1 and r.name = $2`,
      [projectId, name],
    );
    const there = new Set(rows.map(({ digest }) => digest));
    return pushed.filter(({ digest }) => there.has(digest));
  }

  #descriptor(digest: Digest) {
    const blob = this.#blobs.find((one) => one.digest === digest);
    return { digest, mediaType: LAYER, size: blob?.bytes.length ?? 0 };
  }

  get #database() {
    return this.#parts.garbage.test.database;
  }
}

function schemeTagOf(of: NewManifest, which: number): string {
  return schemeTagsOf(digestBytes(of.digest).toString('hex'))[which] as string;
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(bytes);
}
