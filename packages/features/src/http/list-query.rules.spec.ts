import { describe, expect, it } from 'vitest';
import { parseConditions } from './list-query.rules.ts';

const SPEC = { filters: { at: 'time' }, sorts: ['at'], defaultSort: 'at' } as const;

describe('a time in q', () => {
  it.each(['2026-01-31', '2026-01-31T12:00:00+02:00', '0001-01-01', '9999-12-31T23:59:59Z'])('%s is one', (time) =>
    expect(parseConditions(SPEC, `at=${time}`)).toHaveLength(1),
  );

  it.each(['0000-01-01', '-000044-03-15', '+010000-01-01', '+275760-09-13T00:00:00Z', 'soon'])(
    '%s is refused',
    (time) => {
      expect(() => parseConditions(SPEC, `at=${time}`)).toThrow('must be a time');
      expect(() => parseConditions(SPEC, `at=[~${time}]`)).toThrow('must be a time');
    },
  );
});
