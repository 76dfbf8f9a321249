import { describe, expect, it } from 'vitest';
import type { Caller } from '../http/index.ts';
import { auditEntry } from './audit.rules.ts';

const caller: Caller = {
  principal: { kind: 'anonymous' },
  credential: 'none',
  address: '192.0.2.1',
  userAgent: 'u'.repeat(2_000),
  requestId: 'r',
} as Caller;

describe('auditEntry', () => {
  it('S110 keeps the fields of a change within 4 KiB, and says what it left out', () => {
    const after = { name: 'a', list: Array.from({ length: 1_000 }, () => 'CVE-2026-1'), last: true, gone: undefined };
    const entry = auditEntry(caller, { resourceType: 'project', resource: 'p', operation: 'update', after });
    expect(entry.after).toEqual({ name: 'a', list: '13001 characters, not kept', last: true, gone: undefined });
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, 'x'.repeat(300)]));
    const large = auditEntry(caller, { resourceType: 'project', resource: 'p', operation: 'update', before: many });
    expect(JSON.stringify(large.before).length).toBeLessThan(6_000);
    expect(large.before).toMatchObject({ k0: 'x'.repeat(300), k39: '302 characters, not kept' });
    expect(large.userAgent.length).toBe(512);
  });
});
