import { describe, expect, it } from 'vitest';
import { closingLine, countResults, describeMissing, parseSkipLog } from './result.rules.ts';

describe('the closing line', () => {
  it('counts tests, and files that did not load as failures', () => {
    const counts = countResults(['passed', 'failed', 'skipped', 'pending', 'passed'], 1);
    expect(closingLine(counts)).toBe('2 passed, 2 failed, 2 skipped');
  });

  it('says nothing of skipped tests when there are none', () => {
    expect(closingLine(countResults(['passed'], 0))).toBe('1 passed, 0 failed');
  });
});

describe('suites without their program', () => {
  it('are listed by program, each suite once', () => {
    const log = [
      { suite: 'push', program: 'skopeo', install: 'apt-get install -y skopeo' },
      { suite: 'login', program: 'docker', install: 'apt-get install -y docker.io' },
      { suite: 'push', program: 'skopeo', install: 'apt-get install -y skopeo' },
      { suite: 'pull', program: 'skopeo', install: 'apt-get install -y skopeo' },
    ];
    const text = `${log.map((entry) => JSON.stringify(entry)).join('\n')}\n{"suite":"to`;
    expect(describeMissing(parseSkipLog(text))).toEqual([
      '  docker: apt-get install -y docker.io',
      '    - login',
      '  skopeo: apt-get install -y skopeo',
      '    - pull',
      '    - push',
    ]);
  });
});
