import { describe, expect, it } from 'vitest';
import { mergeResults } from './merge.rules.ts';
import type { BenchResult, DatedTokens } from './result.ts';

const MACHINE = { cores: 2, processor: 'one', memoryGib: 8, kernel: '6.1', node: '24.0.0' };

function result(date: string, metrics: readonly string[], facts: Partial<BenchResult> = {}): BenchResult {
  return {
    date,
    quick: false,
    sizes: {} as BenchResult['sizes'],
    machine: MACHINE,
    registries: [{ name: 'moorage', title: 'Moorage' }],
    limits: {} as BenchResult['limits'],
    series: metrics.map((id) => ({ metric: { id, title: id, unit: 'req/s' }, rounds: [], date, seconds: 1 })),
    memory: null,
    ...facts,
  };
}

const dates = ({ series }: BenchResult) => series.map(({ metric, date }) => [metric.id, date]);

describe('mergeResults', () => {
  it('replaces what was measured again, keeps the rest, and orders it as the goals are', () => {
    const merged = mergeResults(result('1', ['push-large', 'blob-head']), result('2', ['images-unique', 'push-large']));
    expect(dates(merged)).toEqual([
      ['blob-head', '1'],
      ['push-large', '2'],
      ['images-unique', '2'],
    ]);
    expect(merged.date).toBe('2');
  });

  it('keeps the memory run until there is another', () => {
    const memory = { date: '1', bytes: 1 } as BenchResult['memory'];
    expect(mergeResults(result('1', [], { memory }), result('2', [])).memory).toBe(memory);
  });

  it('keeps the token requests until there are others, and knows results without them', () => {
    const tokens = (date: string) => ({ date, missing: [] }) as unknown as DatedTokens;
    const [first, second] = [tokens('1'), tokens('2')];
    expect(mergeResults(result('1', [], { tokens: first }), result('2', [])).tokens).toBe(first);
    expect(mergeResults(result('1', [], { tokens: first }), result('2', [], { tokens: second })).tokens).toBe(second);
    expect(mergeResults(result('1', []), result('2', [])).tokens).toBeNull();
  });

  it('drops figures of another machine or of other peers', () => {
    const elsewhere = result('1', ['blob-head'], { machine: { ...MACHINE, cores: 8 } });
    expect(dates(mergeResults(elsewhere, result('2', ['push-large'])))).toEqual([['push-large', '2']]);
    const other = result('1', ['blob-head'], { registries: [{ name: 'moorage', title: 'other' }] });
    expect(dates(mergeResults(other, result('2', [])))).toEqual([]);
  });
});
