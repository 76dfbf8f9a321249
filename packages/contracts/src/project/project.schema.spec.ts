import { describe, expect, it } from 'vitest';
import { memberCreation } from '../member/member.schema.ts';
import { errorCodeOfIssues } from '../wire/names.ts';
import { metadataEntry, projectCreation, projectMetadata, projectUpdate } from './project.schema.ts';

it('takes a project as Harbor clients send it', () => {
  const sent = {
    project_name: 'library',
    public: null,
    storage_limit: -1,
    registry_id: null,
    cve_allowlist: {},
    metadata: { public: 'false', auto_scan: '', severity: null },
    count_limit: 5,
  };
  const { count_limit: _dropped, ...kept } = sent;
  expect(projectCreation.parse(sent)).toEqual(kept);
});

it('refuses broken names with 400 and broken types with 422', () => {
  const codeOf = (body: unknown) => errorCodeOfIssues(projectCreation.safeParse(body).error?.issues ?? []);
  expect(codeOf({ project_name: 'Library' })).toBe('BAD_REQUEST');
  expect(codeOf({ project_name: 'a'.repeat(256) })).toBe('UNPROCESSABLE_ENTITY');
  expect(codeOf({ project_name: 'a', public: 'yes' })).toBe('UNPROCESSABLE_ENTITY');
  expect(codeOf({ project_name: 'a', owner_id: 1 })).toBe('UNPROCESSABLE_ENTITY');
});

it('takes the present name back in an update, and needs none', () => {
  expect(projectUpdate.safeParse({}).success).toBe(true);
  expect(projectUpdate.safeParse({ project_name: 'library', metadata: { retention_id: '3' } }).success).toBe(true);
});

describe('one metadata value', () => {
  it.each([{ public: 'true' }, { severity: 'high' }, { proxy_speed_kb: '-1' }])('takes %j', (entry) => {
    expect(metadataEntry.safeParse(entry).success).toBe(true);
  });
  it.each([
    {},
    { public: 'true', severity: 'low' },
    { public: 'yes' },
    { public: true },
    { retention_id: '1' },
    { owner: '1' },
  ])('refuses %j', (entry) => {
    expect(metadataEntry.safeParse(entry).success).toBe(false);
  });
});

it('answers known metadata only', () => {
  expect(projectMetadata.parse({ public: 'true', internal: 'x' })).toEqual({ public: 'true' });
});

it('takes members with an empty group beside the user, and the five roles', () => {
  expect(memberCreation.parse({ role_id: 2, member_user: { username: 'ada' }, member_group: {}, id: 4 })).toEqual({
    role_id: 2,
    member_user: { username: 'ada' },
    member_group: {},
  });
  for (const role of [0, 6, -1, 99]) {
    const result = memberCreation.safeParse({ role_id: role, member_user: { user_id: 1 } });
    expect(errorCodeOfIssues(result.error?.issues ?? [])).toBe('BAD_REQUEST');
    expect(result.success).toBe(false);
  }
});
