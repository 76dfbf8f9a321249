import { expect, it } from 'vitest';
import { ENDPOINTS } from './endpoints.ts';
import type { Endpoint } from './wire/endpoint.ts';

/** Rooms whose endpoints may change what is kept in repositories and trash. */
const CONTENT_TAGS = [
  'artifact',
  'gc',
  'immutable',
  'jobservice',
  'label',
  'project',
  'removal',
  'repository',
  'Retention',
  'storage',
  'trash',
];

const RULE = 'a rule: what it does to content is done by a run, which asks at its start';
const STOP = 'ends work, which changes nothing more';
const LOOK = 'only shows what would be';
const HOLD = 'keeps content from being removed, or lets it be removed later';
const LABEL = 'the label itself; no artifact gets or loses it';
const CHECK = 'removes nothing that is known; unknown bytes are set aside and kept while the mode lasts';

/** Why an endpoint of those rooms works in read-only mode. */
const WORKS_IN_READ_ONLY: Readonly<Record<string, string>> = {
  actionPendingJobs: STOP,
  createArtifactHold: HOLD,
  createGCSchedule: 'the room refuses runs with PRECONDITION, as dry runs and schedules are taken',
  createImmuRule: RULE,
  createLabel: LABEL,
  createProject: 'holds no content yet',
  createRetention: RULE,
  deleteArtifactHold: HOLD,
  deleteImmuRule: RULE,
  deleteProjectRetention: RULE,
  deleteRetention: RULE,
  importLifecyclePolicy: LOOK,
  operateRetentionExecution: STOP,
  previewImmutableRule: LOOK,
  previewRemoval: LOOK,
  previewRestoration: LOOK,
  previewRetention: LOOK,
  putProjectRetention: RULE,
  rerunExecution: 'the run asks at its start',
  startScrub: CHECK,
  startStorageScan: CHECK,
  stopExecution: STOP,
  stopGC: STOP,
  stopRunningJob: STOP,
  updateGCSchedule: 'the room refuses runs with PRECONDITION, as dry runs and schedules are taken',
  updateImmuRule: RULE,
  updateLabel: LABEL,
  updateProject: 'metadata, no content',
  updateRetention: RULE,
};

const reads = ({ method }: Endpoint) => method === 'GET' || method === 'HEAD';

it('S75 says of every changing endpoint of the content rooms whether read-only mode refuses it', () => {
  const undecided = ENDPOINTS.filter(
    (endpoint) => !reads(endpoint) && CONTENT_TAGS.includes(endpoint.tag) && endpoint.changesContent === undefined,
  );
  expect(undecided.map(({ id }) => id).sort()).toEqual(Object.keys(WORKS_IN_READ_ONLY).sort());
});

it('S75 never refuses reads, and lets through only what its body can say', () => {
  const flagged = ENDPOINTS.filter(({ changesContent }) => changesContent !== undefined);
  expect(flagged.length).toBeGreaterThan(20);
  expect(flagged.filter(reads)).toEqual([]);
  for (const { id, body, changesContent } of flagged) {
    if (changesContent === true || changesContent === undefined) continue;
    for (const [key, values] of Object.entries(changesContent.unless)) {
      for (const value of values)
        expect(body?.safeParse({ [key]: value }).success, `${id}: ${key} ${value}`).toBe(true);
    }
  }
});
