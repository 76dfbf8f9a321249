import { AppError } from '@moorage/contracts';
import { type Database, type ListColumns, type ListRows, listRows, sql, type Transaction } from '@moorage/database';
import type { ListRequest } from '../http/index.ts';
import { appendEvents, type DomainEvent } from '../outbox/index.ts';
import type { RuleRow, Selector } from './immutability.rules.ts';

/** Every rule is looked at for every tag that moves. */
const MAX_RULES = 50;

/** A rule as it is to be stored. */
export interface NewRule {
  readonly priority: number;
  readonly isDisabled: boolean;
  readonly selectors: readonly Selector[];
}

/** A rule that takes another's place, or only whether it is disabled. */
export type RuleChange = NewRule | Pick<NewRule, 'isDisabled'>;

export interface CoveredRow {
  readonly repository_name: string;
  readonly tag: string;
  readonly digest: string;
  readonly push_time: Date;
}

interface StoredRule {
  id: number;
  priority: number;
  is_disabled: boolean;
  selectors: { scope: 'repository' | 'tag'; includes: boolean; pattern: string }[];
}

const COLUMNS: ListColumns = {
  id: { sql: sql`r.id`, kind: 'number' },
  priority: { sql: sql`r.priority`, kind: 'number' },
  disabled: { sql: sql`r.is_disabled`, kind: 'boolean' },
};
const COVERED_COLUMNS: ListColumns = {
  repository_name: { sql: sql`o.name`, kind: 'text' },
  tag: { sql: sql`t.name`, kind: 'text' },
  push_time: { sql: sql`t.push_time`, kind: 'time' },
};
const SELECTED = sql`r.id, r.priority, r.is_disabled, (
  select jsonb_agg(jsonb_build_object('scope', s.scope, 'includes', s.includes, 'pattern', s.pattern) order by s.position)
  from immutable_tag_selectors s where s.rule_id = r.id) as selectors`;

/** Immutability rules in SQL. */
export class ImmutabilityStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(projectId: number, request: ListRequest): Promise<ListRows<RuleRow>> {
    const { rows, total } = await listRows<StoredRule>(
      this.#database,
      {
        columns: COLUMNS,
        select: SELECTED,
        from: sql`immutable_tag_rules r`,
        where: [sql`r.project_id = ${projectId}`],
        tiebreak: sql`r.id`,
      },
      request,
    );
    return { rows: rows.map(rowOf), total };
  }

  /** Throws CONFLICT for a rule with the same selectors, PRECONDITION above 50 rules. */
  create(projectId: number, rule: NewRule, eventOf: (id: number) => DomainEvent): Promise<number> {
    return this.#database.transaction(async (transaction) => {
      const rules = await lockRules(transaction, projectId);
      if (rules.length >= MAX_RULES) {
        throw new AppError('PRECONDITION', `A project may have ${MAX_RULES} immutability rules; join or delete some.`);
      }
      refuseTwin(rules, rule, null);
      const [made] = await transaction.run<{ id: number }>(
        sql`insert into immutable_tag_rules (project_id, priority, is_disabled)
          values (${projectId}, ${rule.priority}, ${rule.isDisabled}) returning id`,
      );
      const id = made?.id ?? 0;
      await insertSelectors(transaction, id, rule.selectors);
      await appendEvents(transaction, [eventOf(id)]);
      return id;
    });
  }

  /** Changes a rule; false when there is none with this id in the project. Throws CONFLICT as {@link create}. */
  change(
    projectId: number,
    id: number,
    change: RuleChange,
    eventOf: (before: RuleRow) => DomainEvent,
  ): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const rules = await lockRules(transaction, projectId);
      const before = rules.find((candidate) => candidate.id === id);
      if (!before) return false;
      if ('selectors' in change) refuseTwin(rules, change, id);
      const priority = 'selectors' in change ? change.priority : before.priority;
      await transaction.run(
        sql`update immutable_tag_rules set priority = ${priority}, is_disabled = ${change.isDisabled}, updated_at = now()
          where project_id = ${projectId} and id = ${id}`,
      );
      if ('selectors' in change) {
        await transaction.run(sql`delete from immutable_tag_selectors where rule_id = ${id}`);
        await insertSelectors(transaction, id, change.selectors);
      }
      await appendEvents(transaction, [eventOf(before)]);
      return true;
    });
  }

  remove(projectId: number, id: number, eventOf: (before: RuleRow) => DomainEvent): Promise<boolean> {
    return this.#database.transaction(async (transaction) => {
      const before = (await lockRules(transaction, projectId)).find((candidate) => candidate.id === id);
      if (!before) return false;
      await transaction.run(sql`delete from immutable_tag_rules where project_id = ${projectId} and id = ${id}`);
      await appendEvents(transaction, [eventOf(before)]);
      return true;
    });
  }

  /** One page of the tags that meet all of these selectors. */
  listCovered(projectId: number, selectors: readonly Selector[], request: ListRequest): Promise<ListRows<CoveredRow>> {
    const [scopes, includes, expressions] = columnsOf(selectors);
    return listRows<CoveredRow>(
      this.#database,
      {
        columns: COVERED_COLUMNS,
        select: sql`o.name as repository_name, t.name as tag, digest_text(t.digest) as digest, t.push_time`,
        from: sql`tags t join repositories o on o.id = t.repository_id`,
        where: [
          sql`t.project_id = ${projectId}`,
          sql`not exists (
            select from unnest(${scopes}::text[], ${includes}::boolean[], ${expressions}::text[]) as s (scope, includes, expression)
            where s.includes <> (
              case s.scope when 'tag' then t.name else substr(o.name, strpos(o.name, '/') + 1) end ~ s.expression))`,
        ],
        tiebreak: sql`t.id`,
      },
      request,
    );
  }
}

/** The project's rules; changes of them come one after the other. */
async function lockRules(transaction: Transaction, projectId: number): Promise<RuleRow[]> {
  const live = await transaction.run(
    sql`select from projects where id = ${projectId} and deleted_at is null for no key update`,
  );
  if (live.length === 0) throw new AppError('NOT_FOUND', 'The project does not exist any more.');
  const rows = await transaction.run<StoredRule>(
    sql`select ${SELECTED} from immutable_tag_rules r where r.project_id = ${projectId} order by r.id`,
  );
  return rows.map(rowOf);
}

function refuseTwin(rules: readonly RuleRow[], rule: NewRule, except: number | null): void {
  const text = keyOf(rule.selectors);
  const twin = rules.find((other) => other.id !== except && keyOf(other.selectors) === text);
  if (twin) throw new AppError('CONFLICT', `Rule ${twin.id} covers exactly the same already; change that one.`);
}

function keyOf(selectors: RuleRow['selectors']): string {
  return JSON.stringify(selectors.map(({ scope, includes, pattern }) => [scope, includes, pattern]));
}

async function insertSelectors(
  transaction: Transaction,
  ruleId: number,
  selectors: readonly Selector[],
): Promise<void> {
  const [scopes, includes, expressions] = columnsOf(selectors);
  const patterns = selectors.map((selector) => selector.pattern);
  await transaction.run(
    sql`insert into immutable_tag_selectors (rule_id, position, scope, includes, pattern, expression)
      select ${ruleId}, place, scope, includes, pattern, expression
      from unnest(${scopes}::text[], ${includes}::boolean[], ${patterns}::text[], ${expressions}::text[])
        with ordinality as given (scope, includes, pattern, expression, place)`,
  );
}

function columnsOf(selectors: readonly Selector[]): [string[], string[], string[]] {
  return [
    selectors.map((selector) => selector.scope),
    selectors.map((selector) => String(selector.includes)),
    selectors.map((selector) => selector.expression),
  ];
}

function rowOf(row: StoredRule): RuleRow {
  return { id: row.id, priority: row.priority, isDisabled: row.is_disabled, selectors: row.selectors ?? [] };
}
