import { ArtifactFactory, type Artifact, type Content, ImageFactory } from '@moorage/testing';
import type { Random } from '../ledger/random.ts';
import type { RegistryUser } from './registry-user.ts';

/** Two projects that copy from each other, one whose releases are immutable, one whose old tags retention takes, one whose limit is always near. */
export const PROJECTS = {
  shared: ['crash-a', 'crash-b'],
  kept: 'crash-keep',
  aged: 'crash-old',
  limited: 'crash-full',
} as const;
export const SHARED_REPOSITORIES = PROJECTS.shared.flatMap((project) => [`${project}/web`, `${project}/team/db`]);
export const SHARED_TAGS = ['latest', 'stable', 'next', 'dev', '1', '1.2'];
export const RELEASES = `${PROJECTS.kept}/app`;
export const AGED = `${PROJECTS.aged}/app`;
export const LIMITED = `${PROJECTS.limited}/app`;

/** Harbor's number of the role that may pull only. */
const GUEST = 3;

/** Layers that many images share, so that collecting one image's bytes could take another's. */
const SHARED_LAYERS = 24;

/** What one campaign pushes: content that its seed repeats. */
export class Scene {
  readonly images: ImageFactory;
  readonly artifacts: ArtifactFactory;
  readonly #layers: readonly Content[];
  readonly #largest: number;

  constructor(seed: number, largestLayer: number) {
    this.images = new ImageFactory(`crash/${seed}`);
    this.artifacts = new ArtifactFactory(this.images);
    this.#largest = largestLayer;
    this.#layers = Array.from({ length: SHARED_LAYERS }, (_, index) => this.images.blob(200 + index * 900, LAYER));
  }

  /** An image of one to five layers, sizes spread over the magnitudes, some layers shared with others. */
  image(random: Random): Artifact {
    const layers = Array.from({ length: 1 + random.below(5) }, () =>
      random.next() < 0.4 ? random.one(this.#layers) : this.blob(random),
    );
    const config = this.images.blob(300, 'application/vnd.moorage.crash.config.v1');
    return this.artifacts.artifact({ config, layers });
  }

  /** An image of one small layer of its own, for whoever is not after content. */
  smallImage(random: Random): Artifact {
    const config = this.images.blob(300, 'application/vnd.moorage.crash.config.v1');
    return this.artifacts.artifact({ config, layers: [this.images.blob(1 + random.below(5_000), LAYER)] });
  }

  /** A layer that no image has. */
  blob(random: Random): Content {
    return this.images.blob(Math.floor(this.#largest ** random.next()), LAYER);
  }

  index(random: Random): Artifact {
    return this.images.index([this.image(random), this.image(random)]);
  }

  signature(random: Random, subject: Artifact): Artifact {
    const { descriptor } = subject.root;
    return random.next() < 0.5
      ? this.artifacts.cosignSignature(descriptor, SHARED_REPOSITORIES[0] as string)
      : this.artifacts.cosignBundle(descriptor);
  }
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** Sets the grace time, makes projects, the immutability rule and the retention policy; returns the policy's number, null without retention. */
export async function prepare(admin: RegistryUser, graceSeconds: number): Promise<number | null> {
  await expectDone(admin, 'PUT', '/configurations', { gc_grace_seconds: graceSeconds });
  for (const name of [...PROJECTS.shared, PROJECTS.kept, PROJECTS.aged, PROJECTS.limited])
    await expectDone(admin, 'POST', '/projects', { project_name: name, metadata: { public: 'false' } });
  await expectDone(admin, 'POST', `/projects/${PROJECTS.kept}/immutabletagrules`, {
    disabled: false,
    template: 'immutable_template',
    scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
    tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'v*' }],
  });
  const project = await admin.api('GET', `/projects/${PROJECTS.aged}`);
  const { project_id: projectId } = JSON.parse(project.body.toString()) as { project_id: number };
  const made = await admin.api('POST', '/retentions', agedPolicy(projectId));
  return made.status === 201 ? Number(/(\d+)$/.exec(String(made.headers.location))?.[1]) : null;
}

/** An administrator of its own for each client: the uploads that a killed process leaves open count against their caller. */
export async function account(admin: RegistryUser, name: string, password: string): Promise<void> {
  const id = await person(admin, name, password);
  await expectDone(admin, 'PUT', `/users/${id}/sysadmin`, { sysadmin_flag: true });
}

/** An account that may pull from the shared projects and nothing else. */
export async function guest(admin: RegistryUser, name: string, password: string): Promise<void> {
  await person(admin, name, password);
  for (const project of PROJECTS.shared)
    await expectDone(admin, 'POST', `/projects/${project}/members`, {
      role_id: GUEST,
      member_user: { username: name },
    });
}

async function person(admin: RegistryUser, name: string, password: string): Promise<number> {
  const body = { username: name, email: `${name}@example.org`, realname: name, password };
  await expectDone(admin, 'POST', '/users', body);
  const found = await admin.api('GET', `/users/search?username=${name}`);
  const [user] = JSON.parse(found.body.toString()) as { user_id: number }[];
  return user?.user_id ?? 0;
}

/** Keeps the tags that begin with `keep-`; everything else in the project may go. */
function agedPolicy(projectId: number): object {
  return {
    algorithm: 'or',
    scope: { level: 'project', ref: projectId },
    trigger: { kind: 'Schedule', settings: { cron: '' }, references: {} },
    rules: [
      {
        action: 'retain',
        template: 'always',
        params: {},
        tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern: 'keep-*' }],
        scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
      },
    ],
  };
}

async function expectDone(admin: RegistryUser, method: string, path: string, body: object): Promise<void> {
  const { status, body: text } = await admin.api(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text.toString().slice(0, 500)}`);
}
