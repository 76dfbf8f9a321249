import { describe, expect, it } from 'vitest';
import { Counter, exposition, Histogram } from './series.ts';

describe('metrics as text', () => {
  it('count by labels', () => {
    const counter = new Counter('hits_total', 'Hits.');
    counter.add({ door: 'a' });
    counter.add({ door: 'a' }, 2);
    counter.add({ door: 'b' });
    expect(exposition([counter.read()])).toBe(
      '# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total{door="a"} 3\nhits_total{door="b"} 1\n',
    );
  });

  it('sort observations into cumulative buckets', () => {
    const histogram = new Histogram('seconds', 'Time.', [0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 2]) histogram.observe({ door: 'a' }, value);
    expect(exposition([histogram.read()]).split('\n').slice(2)).toEqual([
      'seconds_bucket{door="a",le="0.1"} 2',
      'seconds_bucket{door="a",le="1"} 3',
      'seconds_bucket{door="a",le="+Inf"} 4',
      'seconds_sum{door="a"} 2.65',
      'seconds_count{door="a"} 4',
      '',
    ]);
  });

  it('escape label values, write what is no number as Prometheus does, and leave out what has no sample', () => {
    const gauge = (value: number, label = '') => ({
      name: 'g',
      help: 'G.',
      type: 'gauge' as const,
      samples: [{ labels: { label }, value }],
    });
    expect(exposition([gauge(Number.POSITIVE_INFINITY, 'a"b\\c\nd')])).toContain('g{label="a\\"b\\\\c\\nd"} +Inf\n');
    expect(exposition([gauge(Number.NaN)])).toContain('g{label=""} NaN\n');
    expect(exposition([{ ...gauge(1), samples: [] }])).toBe('');
  });
});
