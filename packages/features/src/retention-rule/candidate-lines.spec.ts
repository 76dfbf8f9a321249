import { describe, expect, it } from 'vitest';
import { candidatesOf, giveBack, joinLines, lastArtifact } from './candidate-lines.ts';

const HEX = 'ab'.repeat(32);
/** As the database writes it. */
const line = (...fields: readonly (string | number)[]) => `${fields.join('\t')}\t\n`;
const tagLine = (id: number, tag: string) =>
  line(id, 10, 2_000_000, '', '', 0, '', '', tag, '', `12${HEX}`, 'IMAGE', 'application/vnd.test');

describe('lines of artifacts', () => {
  it('say everything of an artifact, with all its tags', () => {
    const text =
      line(7, 10, 2_000_001, '', 5_000_000, 1, '', '', 'v1', '3 4', `12${HEX}`, 'IMAGE', 'application/vnd.test') +
      line(7, 10, 2_000_001, '', 5_000_000, 5, 3_000_000, 4_000_000, 'v2', '3 4', `12${HEX}`, 'IMAGE', 'é 🐳') +
      line(70, 2 ** 50, -1_000_000, 9_000_000, '', 2, '', '', '', '', `13${HEX}${HEX}`, 'CHART', '');
    const [tagged, untagged, ...more] = [...candidatesOf(joinLines(new Uint8Array(), text))];
    expect(more).toEqual([]);
    expect(tagged).toMatchObject({
      id: 7,
      digest: `sha256:${HEX}`,
      type: 'IMAGE',
      artifactType: 'é 🐳',
      size: 10,
      pushedAt: 2000.001,
      pulledAt: 5000,
      labels: [3, 4],
      isHeld: true,
      isPart: false,
      tags: [
        { name: 'v1', pushedAt: 2000.001, pulledAt: null, isImmutable: false },
        { name: 'v2', pushedAt: 3000, pulledAt: 4000, isImmutable: true },
      ],
    });
    expect(untagged).toMatchObject({
      id: 70,
      digest: `sha512:${HEX}${HEX}`,
      type: 'CHART',
      artifactType: '',
      size: 2 ** 50,
      pushedAt: -1000,
      untaggedAt: 9000,
      pulledAt: null,
      labels: [],
      isHeld: false,
      isPart: true,
      tags: [],
    });
  });

  it('can be cut before the last artifact, and joined with what comes behind', () => {
    const text = tagLine(1, 'a') + tagLine(12, 'b') + tagLine(12, 'c');
    const lines = joinLines(new Uint8Array(), text);
    const place = lastArtifact(lines);
    expect([...candidatesOf(lines.subarray(0, place))].map(({ id }) => id)).toEqual([1]);
    const joined = joinLines(lines.subarray(place), tagLine(12, 'd') + tagLine(1, 'e'));
    expect([...candidatesOf(joined)].map(({ id, tags }) => [id, tags.map(({ name }) => name)])).toEqual([
      [12, ['b', 'c', 'd']],
      [1, ['e']],
    ]);
    const single = joinLines(new Uint8Array(), tagLine(1, 'a'));
    expect(lastArtifact(single)).toBe(0);
    const nothing = joinLines(new Uint8Array(), '');
    expect([lastArtifact(nothing), ...candidatesOf(nothing)]).toEqual([0]);
  });

  it('are given back without what other buffers hold', () => {
    const other = Buffer.from('small texts share memory');
    const lines = joinLines(new Uint8Array(), tagLine(1, 'a'));
    giveBack(lines.subarray(0, 10));
    expect(lines).toHaveLength(0);
    expect(other.toString()).toBe('small texts share memory');
    expect(Buffer.from('and go on to').toString()).toBe('and go on to');
  });

  it('that are cut off are no lines', () => {
    expect(() => [...candidatesOf(joinLines(new Uint8Array(), '12\t3'))]).toThrow('ends within a number');
  });
});
