import { z } from 'zod';
import { endpoint } from '../wire/endpoint.ts';
import { projectParams } from '../wire/fields.ts';
import { keptBlob, keptBytes, scrubState, storageFinding } from './storage-check.schema.ts';

const tag = 'storage';
const nothing = z.strictObject({}).optional();

export const getKeptBytes = endpoint({
  id: 'getKeptBytes',
  method: 'GET',
  path: '/projects/{project_name_or_id}/storage',
  tag,
  summary: 'Tell why the stored bytes of a project are kept',
  access: { kind: 'project', permission: 'quota:read' },
  params: projectParams,
  response: keptBytes,
  status: 200,
  errors: [],
});

export const listKeptBlobs = endpoint({
  id: 'listKeptBlobs',
  method: 'GET',
  path: '/projects/{project_name_or_id}/storage/blobs',
  tag,
  summary: 'List the blobs of a project with why each is kept and when it goes',
  access: { kind: 'project', permission: 'artifact:delete' },
  params: projectParams,
  response: z.array(keptBlob),
  status: 200,
  list: {
    filters: { reason: 'text', repository_name: 'text', digest: 'text', size: 'number' },
    sorts: ['size', 'digest', 'reason'],
    defaultSort: '-size',
  },
  errors: [],
});

export const listStorageFindings = endpoint({
  id: 'listStorageFindings',
  method: 'GET',
  path: '/system/storage/findings',
  tag,
  summary: 'List what checks of the storage found wrong',
  access: { kind: 'system', permission: 'garbage-collection:list' },
  response: z.array(storageFinding),
  status: 200,
  list: {
    filters: { problem: 'text', state: 'text', creation_time: 'time' },
    sorts: ['id', 'creation_time'],
    defaultSort: '-id',
  },
  errors: [],
});

export const startStorageScan = endpoint({
  id: 'startStorageScan',
  method: 'POST',
  path: '/system/storage/scans',
  tag,
  summary: 'Compare the stored objects with the database; the run is an execution of kind STORAGE_SCAN',
  access: { kind: 'system', permission: 'garbage-collection:create' },
  body: nothing,
  status: 201,
  errors: ['CONFLICT'],
});

export const getScrubState = endpoint({
  id: 'getScrubState',
  method: 'GET',
  path: '/system/storage/scrubs',
  tag,
  summary: 'Show how far the check of all stored bytes is',
  access: { kind: 'system', permission: 'garbage-collection:read' },
  response: scrubState,
  status: 200,
  errors: [],
});

export const startScrub = endpoint({
  id: 'startScrub',
  method: 'POST',
  path: '/system/storage/scrubs',
  tag,
  summary: 'Check all stored bytes against their digests, going on where the last check was cut short',
  access: { kind: 'system', permission: 'garbage-collection:create' },
  body: nothing,
  status: 201,
  errors: ['CONFLICT'],
});
