import { describe, expect, it } from 'vitest';
import { AdmissionGate } from './admission-gate.ts';

/** Work that goes on until it is told to end. */
function openWork(): { readonly work: () => Promise<string>; readonly end: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, end: () => resolve('done') };
}
const codeOf = (error: unknown) => (error as { code?: string }).code;

describe('AdmissionGate', () => {
  it('S13 refuses what is too much, later rather than at once, and is free afterwards', async () => {
    const gate = new AdmissionGate(2);
    const first = openWork();
    const inside = [gate.run(first.work), gate.run(first.work)];
    let isAnswered = false;
    const refused = gate.run(() => Promise.resolve('let in')).catch(codeOf);
    void refused.then(() => (isAnswered = true));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isAnswered).toBe(false);
    expect(await refused).toBe('UNAVAILABLE');
    first.end();
    expect(await Promise.all(inside)).toEqual(['done', 'done']);
    expect(await gate.run(() => Promise.resolve('let in'))).toBe('let in');
  });

  it('lets in who had to wait, once there is room, and counts work that failed as ended', async () => {
    const gate = new AdmissionGate(1);
    const first = openWork();
    const failing = gate.run(() => first.work().then(() => Promise.reject(new Error('fails'))));
    const waiting = gate.run(() => Promise.resolve('let in'));
    first.end();
    await expect(failing).rejects.toThrow('fails');
    expect(await waiting).toBe('let in');
  });

  it('lets those wait who are refused for another reason, once there are many', async () => {
    const gate = new AdmissionGate(1);
    const answered: number[] = [];
    const answers = Array.from({ length: 1_000 }, (_, number) => gate.slowRefusal().then(() => answered.push(number)));
    await new Promise((resolve) => setImmediate(resolve));
    // A second may end in between; then the next ones are free too.
    expect(answered.slice(0, 200)).toEqual(Array.from({ length: 200 }, (_, number) => number));
    expect(answered.length).toBeLessThanOrEqual(400);
    await Promise.all(answers);
    expect(answered).toHaveLength(1_000);
  });

  it('holds no more than it can', async () => {
    const gate = new AdmissionGate(1);
    const first = openWork();
    const inside = gate.run(first.work);
    const answers = Array.from({ length: 2_100 }, (_, number) => gate.requireRoom().catch(() => number));
    expect(await Promise.race(answers)).toBe(2_000);
    first.end();
    await inside;
    await Promise.all(answers);
  });
});
