import { createTestDatabase, type TestDatabase } from '@moorage/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Clock } from '../clock/index.ts';
import { type Component, Installation } from './component.ts';
import { HealthService } from './health.service.ts';
import { HeartbeatStore } from './heartbeat.store.ts';
import { heartbeatPulse } from './index.ts';

class Facts extends Installation {
  readonly version = '1.2.3';
  readonly storageProvider = 'filesystem';
  readonly components: readonly Component[];

  constructor(components: readonly Component[]) {
    super();
    this.components = components;
  }

  async volume() {
    return null;
  }
}

class Hand extends Clock {
  time = 0;

  now(): Date {
    return new Date(this.time);
  }
}

let test: TestDatabase;
let clock: Hand;
const broken = { registry: false, portal: false };
let checks = 0;

const part = (name: 'registry' | 'portal', isVital: boolean): Component => ({
  name,
  isVital,
  check: async () => {
    checks++;
    if (broken[name]) throw new Error(`/secret/path of the ${name}`);
  },
});
const service = (heartbeats = new HeartbeatStore(test.database)) =>
  new HealthService(new Facts([part('registry', true), part('portal', false)]), heartbeats, clock);
const beat = () => heartbeatPulse(test.database).run(new AbortController().signal);

beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.close());
beforeEach(async () => {
  clock = new Hand();
  broken.registry = false;
  broken.portal = false;
  await beat();
});

describe('health', () => {
  it('names every part', async () => {
    expect(await service().overall(true)).toEqual({
      status: 'healthy',
      components: ['core', 'database', 'jobservice', 'registry', 'portal'].map((name) => ({ name, status: 'healthy' })),
    });
  });

  it('gives reasons to those who may know them', async () => {
    broken.portal = true;
    const health = service();
    expect(await health.overall(true)).toMatchObject({
      status: 'unhealthy',
      components: expect.arrayContaining([
        { name: 'portal', status: 'unhealthy', error: '/secret/path of the portal' },
      ]),
    });
    expect(JSON.stringify(await health.overall(false))).not.toContain('secret');
  });

  it('misses a worker that never came and one that fell silent', async () => {
    await test.database.query(`update heartbeats set seen_at = now() - interval '1 minute'`);
    const reason = async () =>
      (await service().overall(true)).components.find((component) => component.name === 'jobservice')?.error;
    expect(await reason()).toContain('no worker has run for');
    await test.database.query('delete from heartbeats');
    expect(await reason()).toContain('no worker has run yet');
    await beat();
    expect(await reason()).toBeUndefined();
  });

  it('is asked of the parts once in five seconds, whoever asks how often', async () => {
    const health = service();
    checks = 0;
    await Promise.all([health.overall(true), health.isReady(), health.overall(false)]);
    expect(checks).toBe(2);
    clock.time += 5_000;
    await health.isReady();
    expect(checks).toBe(4);
  });
});

describe('readiness', () => {
  it('needs the vital parts only', async () => {
    broken.portal = true;
    await test.database.query('delete from heartbeats');
    expect(await service().isReady()).toBe(true);
    broken.registry = true;
    expect(await service().isReady()).toBe(false);
  });

  it('needs the database', async () => {
    const gone = await createTestDatabase();
    const store = new HeartbeatStore(gone.database);
    await gone.close();
    expect(await service(store).isReady()).toBe(false);
    expect((await service(store).overall(false)).components[1]).toEqual({ name: 'database', status: 'unhealthy' });
  });
});
