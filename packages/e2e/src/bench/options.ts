import { parseArgs } from 'node:util';

const SIZES = ['seconds', 'images', 'tags', 'repositories'] as const;

export interface Options {
  /** Undisturbed rounds to reach, and how many there may be in all. */
  readonly rounds: number;
  readonly mostRounds: number;
  readonly quick: boolean;
  /** Sizes that are not as usual. */
  readonly sizes: Readonly<Record<(typeof SIZES)[number], number | undefined>>;
  /** The engine alone in place of the product. */
  readonly engine: boolean;
  /** Metrics or scenarios to run, all when empty. */
  readonly only: readonly string[];
  /** Pushed and pulled in the memory run; 0 leaves it out. */
  readonly memoryBytes: number;
  /** Puts the figures into docs/performance.md and docs/performance.json, in place of earlier ones of the same metrics. */
  readonly publish: boolean;
  /** Below which directory stores are made; the system's temporary one unless given. */
  readonly directory: string | undefined;
}

export const USAGE = `npm run bench -- [options]

  --quick          small sizes, 2 rounds: about five minutes, two of them for tokens
  --rounds N       undisturbed rounds per metric (default 5)
  --at-most N      rounds in all, where others disturb (default twice as many)
  --seconds N      how long requests of one kind are sent (default 10)
  --images N       how many small images are pushed (default 2000)
  --tags N         how many tags the lists are read from (default 10000)
  --repositories N how many repositories the catalog has (default 10000)
  --only A,B       only these scenarios (W1 W2 W3 W4 W5 W6 memory tokens retention lists gc portal) or metrics
  --engine         measure the engine's standalone command in place of the product
  --memory-gib N   size of the memory run (default 10, 1 with --quick, 0 leaves it out)
  --publish        put the figures into docs/performance.md and .json, beside those of other metrics measured
                   earlier on this machine; so a long run can be done in pieces with --only
  --directory DIR  a directory on the file system to measure
`;

const GIB = 1024 ** 3;

/** Reads the command line; throws for what it does not know. */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      engine: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      'at-most': { type: 'string' },
      seconds: { type: 'string' },
      images: { type: 'string' },
      tags: { type: 'string' },
      repositories: { type: 'string' },
      only: { type: 'string', default: '' },
      'memory-gib': { type: 'string' },
      publish: { type: 'boolean', default: false },
      directory: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { quick } = values;
  const rounds = positive(values.rounds ?? (quick ? '2' : '5'), '--rounds');
  return {
    rounds,
    mostRounds: Math.max(rounds, given(values['at-most'], '--at-most') ?? (quick ? rounds : rounds * 2)),
    quick,
    sizes: {
      seconds: given(values.seconds, '--seconds'),
      images: given(values.images, '--images'),
      tags: given(values.tags, '--tags'),
      repositories: given(values.repositories, '--repositories'),
    },
    engine: values.engine,
    only: values.only.split(',').filter((name) => name !== ''),
    memoryBytes: positive(values['memory-gib'] ?? (quick ? '1' : '10'), '--memory-gib') * GIB,
    publish: mayPublish(values),
    directory: values.directory,
  };
}

/** Figures of small runs or of the engine alone would mislead whoever reads them as the product's. */
function mayPublish({ publish, quick, engine }: { publish: boolean; quick: boolean; engine: boolean }): boolean {
  if (publish && (quick || engine)) throw new Error('--publish goes with whole sizes of the product only');
  return publish;
}

function given(text: string | undefined, name: string): number | undefined {
  return text === undefined ? undefined : positive(text, name);
}

function positive(text: string, name: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`${name} needs a number, not ${text}`);
  return value;
}
