import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runProgram } from '../target/run-program.ts';
import { ROOT } from '../target/workspace.ts';
import type { StackImages } from './images.ts';

export interface StackOptions {
  readonly images: StackImages;
  /** On which loopback port it is published. */
  readonly port: number;
  readonly adminPassword: string;
  /** Selects podman's storage. */
  readonly environment: Readonly<Record<string, string>>;
}

// Of this run alone: podman's name server keeps the names of containers that were killed without being removed.
const PROJECT = `moorage-e2e-${randomBytes(4).toString('hex')}`;
const READY_MS = 240_000;

/** The services of compose.yaml, run by podman-compose. */
export class Stack {
  readonly origin: string;
  readonly #environment: Record<string, string>;
  #said = '';

  constructor({ images, port, adminPassword, environment }: StackOptions) {
    this.origin = `http://127.0.0.1:${port}`;
    this.#environment = {
      ...environment,
      MOORAGE_IMAGE: images.product,
      MOORAGE_POSTGRES_IMAGE: images.postgres,
      MOORAGE_REDIS_IMAGE: images.redis,
      MOORAGE_POSTGRES_PASSWORD: 'compose-test',
      MOORAGE_ADMIN_PASSWORD: adminPassword,
      MOORAGE_EXTERNAL_URL: this.origin,
      MOORAGE_PUBLISH: `127.0.0.1:${port}`,
    };
  }

  /** Starts what is not running and waits until the registry can serve. */
  async up(): Promise<void> {
    await this.#compose('up', '--detach', '--no-build');
    await this.untilReady();
  }

  /** Removes the containers and, unless told otherwise, what they stored. */
  async down(options: { readonly keepVolumes?: boolean } = {}): Promise<void> {
    await this.#compose('down', ...(options.keepVolumes ? [] : ['--volumes']));
  }

  async restart(service: string): Promise<void> {
    await this.podman('restart', '--time=40', container(service));
    await this.untilReady();
  }

  /** Runs a shell command inside a service's container; resolves with what it printed. */
  inside(service: string, command: string): Promise<string> {
    return this.podman('exec', container(service), 'sh', '-c', command);
  }

  async logs(service: string): Promise<string> {
    const { stdout, stderr } = await runProgram('podman', ['logs', container(service)], { env: this.#environment });
    return `${stdout}${stderr}`.trim();
  }

  async podman(...args: readonly string[]): Promise<string> {
    return (await runProgram('podman', args, { env: this.#environment })).stdout.trim();
  }

  async untilReady(): Promise<void> {
    for (const deadline = Date.now() + READY_MS; Date.now() < deadline; ) {
      const answer = await fetch(`${this.origin}/readyz`).catch(() => null);
      if (answer?.ok) return;
      await sleep(250);
    }
    const logs = await this.logs('core').catch((error: unknown) => String(error));
    throw new Error(`the registry was not ready in time; podman-compose said:\n${this.#said}\ncore said:\n${logs}`);
  }

  async #compose(...args: readonly string[]): Promise<void> {
    const common = ['--project-name', PROJECT, '--file', join(ROOT, 'compose.yaml')];
    const options = { env: this.#environment, timeout: 180_000 };
    const { stdout, stderr } = await runProgram('podman-compose', [...common, ...args], options);
    // It ends with 0 whatever became of the containers.
    this.#said = `${stdout}${stderr}`;
  }
}

/** As podman-compose names containers. */
function container(service: string): string {
  return `${PROJECT}_${service}_1`;
}
