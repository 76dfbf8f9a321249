import { createImmutableRule, deleteImmutableRule } from '@moorage/contracts';
import { repeated } from '@moorage/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authorization, OCI_MANIFEST, pushBlob } from './support/registry.ts';
import { type Scene, setScene } from './support/scene.ts';
import { ADMIN_PASSWORD, startTestCore, type TestCore } from './support/test-core.ts';

const ADMIN = { name: 'admin', password: ADMIN_PASSWORD };
const WRITERS = 50;
const ROUNDS = repeated(10, 1000);
/** A rule that comes while everybody pushes. */
const LATE_ROUNDS = repeated(5, 100);

let core: TestCore;
let scene: Scene;
let config: string;
beforeAll(async () => {
  core = await startTestCore();
  scene = await setScene(core);
  config = await pushBlob(core, ADMIN, `${scene.privateProject}/race`, '{}');
});
afterAll(() => core.stop());

const url = (tag: string) => `${core.url}/v2/${scene.privateProject}/race/manifests/${tag}`;

/** Puts an image that nobody else puts; the status, and its digest when it was stored. */
async function put(tag: string, content: string): Promise<{ status: number; digest: string | null }> {
  const body = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: config, size: 2 },
    layers: [],
    annotations: { content },
  });
  const headers = { ...authorization(ADMIN), 'content-type': OCI_MANIFEST };
  const answer = await fetch(url(tag), { method: 'PUT', headers, body });
  await answer.arrayBuffer();
  return { status: answer.status, digest: answer.headers.get('docker-content-digest') };
}

async function shown(tag: string): Promise<string | null> {
  const answer = await fetch(url(tag), { method: 'HEAD', headers: authorization(ADMIN) });
  return answer.headers.get('docker-content-digest');
}

async function addRule(pattern: string): Promise<number> {
  const { location } = await core.admin.call(createImmutableRule, {
    params: { project_name_or_id: scene.privateProject },
    body: {
      tag_selectors: [{ kind: 'doublestar', decoration: 'matches', pattern }],
      scope_selectors: { repository: [{ kind: 'doublestar', decoration: 'repoMatches', pattern: '**' }] },
    },
  });
  return Number(location?.split('/').at(-1));
}

describe('writers of one immutable tag at once', () => {
  it('S81 one of fifty wins, whichever it is', async () => {
    await addRule('race-*');
    for (let round = 0; round < ROUNDS; round++) {
      const tag = `race-${round}`;
      const writers = Array.from({ length: WRITERS }, (_, index) => put(tag, `${round} ${index}`));
      const answers = await Promise.all(writers);
      const statuses = answers.map(({ status }) => status).sort();
      expect([round, statuses]).toEqual([round, [201, ...Array.from({ length: WRITERS - 1 }, () => 403)]]);
      expect(await shown(tag)).toBe(answers.find(({ status }) => status === 201)?.digest);
    }
  }, 3_600_000);

  it('S81 a rule holds for every push that begins after its answer', async () => {
    for (let round = 0; round < LATE_ROUNDS; round++) {
      const tag = `late-${round}`;
      expect((await put(tag, `${round} first`)).status).toBe(201);
      let isRuled = false;
      const late: number[] = [];
      const push = async (writer: number): Promise<void> => {
        for (let count = 0; count < 10; count++) {
          const begunAfter = isRuled;
          const { status } = await put(tag, `${round} ${writer} ${count}`);
          if (begunAfter) late.push(status);
        }
      };
      const pushes = Promise.all(Array.from({ length: 5 }, (_, writer) => push(writer)));
      const id = await addRule(tag);
      isRuled = true;
      await pushes;
      // A push that was under way when the rule was answered may still end well.
      const fixed = await shown(tag);
      expect((await put(tag, `${round} last`)).status).toBe(403);
      expect([round, new Set([...late, 403])]).toEqual([round, new Set([403])]);
      expect(await shown(tag)).toBe(fixed);
      const params = { project_name_or_id: scene.privateProject, immutable_rule_id: id };
      await core.admin.call(deleteImmutableRule, { params });
    }
  }, 3_600_000);
});
