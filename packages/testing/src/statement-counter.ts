import type { Database, Statement, Transaction } from '@moorage/database';

export interface StatementCounter {
  /** Works like the database it was made of, and counts. */
  readonly database: Database;
  /** Statements sent since the last call; transactions count their statements, not their begin and commit. */
  take(): number;
  /** PostgreSQL's plans for the statements sent since the last {@link take}, as text. */
  plans(): Promise<string[]>;
}

interface Sent {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Records statements, to show that a list asks a fixed number of times whatever its length, and uses its indexes. */
export function countStatements(database: Database): StatementCounter {
  let sent: Sent[] = [];
  const recording = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        if (property === 'query' || property === 'run') {
          return (...parameters: [string | Statement, unknown[]?]) => {
            sent.push(sentOf(...parameters));
            return value.apply(target, parameters) as unknown;
          };
        }
        if (property === 'transaction') {
          return (work: (transaction: Transaction) => Promise<unknown>) =>
            value.call(target, (transaction: Transaction) => work(recording(transaction))) as unknown;
        }
        return value.bind(target) as unknown;
      },
    });
  return {
    database: recording(database),
    take: () => {
      const { length } = sent;
      sent = [];
      return length;
    },
    plans: () => Promise.all(sent.map((statement) => planOf(database, statement))),
  };
}

function sentOf(statement: string | Statement, values: readonly unknown[] = []): Sent {
  return typeof statement === 'string' ? { text: statement, values } : statement;
}

async function planOf(database: Database, { text, values }: Sent): Promise<string> {
  const lines = await database.query<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}
