import type { Database, Transaction } from '@moorage/database';

export interface StatementCounter {
  /** Works like the database it was made of, and counts. */
  readonly database: Database;
  /** Statements sent since the last call; transactions count their statements, not their begin and commit. */
  take(): number;
}

/** Counts statements, to show that a list asks a fixed number of times whatever its length. */
export function countStatements(database: Database): StatementCounter {
  let count = 0;
  const counting = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        if (property === 'query' || property === 'run') {
          return (...values: unknown[]) => {
            count++;
            return value.apply(target, values) as unknown;
          };
        }
        if (property === 'transaction') {
          return (work: (transaction: Transaction) => Promise<unknown>) =>
            value.call(target, (transaction: Transaction) => work(counting(transaction))) as unknown;
        }
        return value.bind(target) as unknown;
      },
    });
  return {
    database: counting(database),
    take: () => {
      const taken = count;
      count = 0;
      return taken;
    },
  };
}
