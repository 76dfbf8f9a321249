import { type Endpoint, ENDPOINTS } from '@moorage/contracts';
import { Database, type Statement } from '@moorage/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addressOf } from './support/api.ts';
import { fillLists } from './support/list-rows.ts';
import { authorization } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { startTestCore, type TestCore } from './support/test-core.ts';

/** What every process of the product asks by itself, whoever calls. */
const BACKGROUND = /outbox|listen|heartbeat|advisory|settings|pull_records|set_config/i;
/** Searches need to know for what. */
const TERMS = ['username', 'groupname'];
const BODIES: Readonly<Record<string, unknown>> = {
  previewImmutableRule: {
    tag_selectors: [{ pattern: 'seed-*' }],
    scope_selectors: { repository: [{ pattern: '**' }] },
  },
};

let core: TestCore;
let scene: Scene;
let places: Readonly<Record<string, string>>;
let sent: string[] = [];
const original = { query: Database.prototype['query'], run: Database.prototype['run'] };

async function ask(endpoint: Endpoint, pageSize: number): Promise<Response> {
  const body = BODIES[endpoint.id];
  const query = new URLSearchParams({ page_size: String(pageSize) });
  const known = endpoint.query instanceof z.ZodObject ? Object.keys(endpoint.query.shape) : [];
  for (const term of TERMS) if (known.includes(term)) query.set(term, 'seed');
  return fetch(`${core.url}${addressOf(endpoint, places)}?${query}`, {
    method: endpoint.method,
    headers: { ...authorization(scene.admin.credentials), 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

interface Cost {
  readonly status: number;
  readonly statements: number;
  readonly rows: number;
}

/** How many statements a page needs: the least of three, as the process asks things by itself meanwhile. */
async function costOf(endpoint: Endpoint, pageSize: number): Promise<Cost> {
  let cost: Cost = { status: 0, statements: Number.POSITIVE_INFINITY, rows: 0 };
  for (let attempt = 0; attempt < 3; attempt++) {
    sent = [];
    const answer = await ask(endpoint, pageSize);
    const body: unknown = answer.ok ? await answer.json() : await answer.text();
    const statements = Math.min(cost.statements, sent.filter((text) => !BACKGROUND.test(text)).length);
    cost = { status: answer.status, statements, rows: Array.isArray(body) ? body.length : 0 };
  }
  return cost;
}

describe('every list of the API', () => {
  beforeAll(async () => {
    core = await startTestCore();
    scene = await setScene(core);
    places = await fillLists(core.database);
    Database.prototype.query = function (this: Database, text: string, values?: readonly unknown[]) {
      sent.push(text);
      return original.query.call(this, text, values) as never;
    };
    Database.prototype.run = function (this: Database, statement: Statement) {
      sent.push(statement.text);
      return original.run.call(this, statement) as never;
    };
  });
  afterAll(async () => {
    Object.assign(Database.prototype, original);
    await core.stop();
  });

  const lists = ENDPOINTS.filter(({ list }) => list);

  it('has a descriptor that says so', () => {
    const ids = new Set(lists.map(({ id }) => id));
    for (const id of Object.keys(BODIES)) expect(ids).toContain(id);
    expect(lists.length).toBeGreaterThan(45);
  });

  it.each(lists.map((endpoint) => [endpoint.id, endpoint] as const))(
    '%s asks the database as often for a page of 100 as for a page of 1',
    async (_, endpoint) => {
      const one = await costOf(endpoint, 1);
      const hundred = await costOf(endpoint, 100);
      // A full page, so that an empty list does not pass for a good one.
      expect([one.status, one.rows, hundred.status, hundred.rows]).toEqual([200, 1, 200, 100]);
      expect(hundred.statements).toBe(one.statements);
    },
  );
});
