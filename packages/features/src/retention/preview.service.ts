import { createHash } from 'node:crypto';
import { AppError, type AnswerOf, type BodyOf, type previewRetention, type QueryOf } from '@moorage/contracts';
import { Injectable } from '@nestjs/common';
import { decisionText, labelsOf, numberedRules, type ArtifactDecision } from '../retention-rule/index.ts';
import { SettingsService } from '../settings/index.ts';
import type { ProjectRef } from '../http/index.ts';
import type { RepositoryPlace } from './candidate.store.ts';
import { DecisionCount, type EvaluationPlan, evaluationPlan, needsConfirmation } from './evaluation.rules.ts';
import { EvaluationService } from './evaluation.service.ts';
import { refuseUnknownLabels } from './retention.rules.ts';
import { RetentionPolicyStore } from './retention-policy.store.ts';

type PreviewAnswer = AnswerOf<typeof previewRetention>;
type Query = QueryOf<typeof previewRetention>;
type Row = PreviewAnswer['rows'][number];

const DEFAULT_PAGE_SIZE = 50;
/** Previews at work at once, and those that may wait: each takes a connection and a core. */
const AT_ONCE = 2;
const MOST_WAITING = 20;
/** Answers whose counts are remembered, so that a further page reads the repositories it shows and no others. */
const REMEMBERED = 20;
const REMEMBERED_REPOSITORIES = 10_000;

/** What is known of a preview once it was computed. */
interface Outline {
  readonly count: DecisionCount;
  /** Repositories in order, with how many rows of the asked kind each has. */
  readonly repositories: readonly { readonly place: RepositoryPlace; readonly rows: number }[];
}

/** Shows what a policy would do, before it is saved. */
@Injectable()
export class PreviewService {
  readonly #evaluation: EvaluationService;
  readonly #policies: RetentionPolicyStore;
  readonly #settings: SettingsService;
  readonly #outlines = new Map<string, Outline>();
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(evaluation: EvaluationService, policies: RetentionPolicyStore, settings: SettingsService) {
    this.#evaluation = evaluation;
    this.#policies = policies;
    this.#settings = settings;
  }

  /** Throws BAD_REQUEST for rules that cannot be read, UNAVAILABLE when too many previews are asked for at once. */
  async preview(project: ProjectRef, body: BodyOf<typeof previewRetention>, query: Query): Promise<PreviewAnswer> {
    const stored = await this.#policies.find(project.id);
    const rules = numberedRules(body.rules, stored?.rules ?? []);
    // As a run does: a label that is not there would make rules mean something else.
    const labels = labelsOf(rules.filter(({ disabled }) => !disabled));
    refuseUnknownLabels(labels, await this.#policies.listKnownLabels(project.id, labels));
    const asOf = await this.#moment(query.as_of);
    const plan = evaluationPlan(project.id, { unit: body.unit, rules }, asOf);
    const share = body.confirm_share ?? (await this.#settings.get()).retention_confirm_share;
    return this.#inTurn(async () => {
      const { outline, rows } = await this.#page(plan, query);
      return {
        as_of: asOf,
        totals: outline.count.totals,
        share: outline.count.share,
        needs_confirmation: needsConfirmation(outline.count, share),
        total: outline.repositories.reduce((sum, repository) => sum + repository.rows, 0),
        rows,
      };
    });
  }

  async #moment(asked: string | undefined): Promise<Date> {
    const now = await this.#evaluation.now();
    if (asked === undefined) return now;
    const moment = new Date(asked);
    if (moment > now) throw new AppError('BAD_REQUEST', 'as_of: lies in the future; send the as_of of an answer.');
    return moment;
  }

  async #page(plan: EvaluationPlan, query: Query): Promise<{ outline: Outline; rows: Row[] }> {
    const size = query.page_size ?? DEFAULT_PAGE_SIZE;
    const window = { from: ((query.page ?? 1) - 1) * size, to: (query.page ?? 1) * size };
    const key = outlineKey(plan, query);
    const known = this.#outlines.get(key);
    if (!known) return this.#outline(plan, query, key, window);
    const rows: Row[] = [];
    let at = 0;
    for (const { place, rows: number } of known.repositories) {
      if (at < window.to && at + number > window.from) {
        const reader = new PageReader(plan, query.decision, place, { from: window.from - at, to: window.to - at });
        await this.#evaluation.evaluate(plan, place, reader);
        rows.push(...reader.rows);
      }
      at += number;
    }
    return { outline: known, rows };
  }

  async #outline(
    plan: EvaluationPlan,
    query: Query,
    key: string,
    window: { readonly from: number; readonly to: number },
  ): Promise<{ outline: Outline; rows: Row[] }> {
    const count = new DecisionCount();
    const repositories: { place: RepositoryPlace; rows: number }[] = [];
    const rows: Row[] = [];
    let at = 0;
    for await (const place of this.#places(plan, query.repository_name)) {
      const reader = new PageReader(plan, query.decision, place, { from: window.from - at, to: window.to - at });
      count.addRepository();
      await this.#evaluation.evaluate(plan, place, {
        take: (decision) => {
          count.add(decision);
          return reader.take(decision);
        },
      });
      rows.push(...reader.rows);
      repositories.push({ place, rows: reader.seen });
      at += reader.seen;
    }
    const outline = { count, repositories };
    this.#remember(key, outline);
    return { outline, rows };
  }

  async *#places(plan: EvaluationPlan, name: string | undefined): AsyncGenerator<RepositoryPlace> {
    if (name === undefined) {
      yield* this.#evaluation.repositories(plan);
      return;
    }
    const place = await this.#evaluation.findRepository(plan, name);
    if (place) yield place;
  }

  #remember(key: string, outline: Outline): void {
    if (outline.repositories.length > REMEMBERED_REPOSITORIES) return;
    this.#outlines.set(key, outline);
    for (const oldest of this.#outlines.keys()) {
      if (this.#outlines.size <= REMEMBERED) return;
      this.#outlines.delete(oldest);
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) {
        throw new AppError('UNAVAILABLE', 'Too many previews are being computed; try again in a moment.', {
          retryAfterSeconds: 5,
        });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}

/** Makes rows of the decisions that stand in a window, counted from the first of the asked kind. */
class PageReader {
  readonly rows: Row[] = [];
  /** Rows of the asked kind so far. */
  seen = 0;
  readonly #plan: EvaluationPlan;
  readonly #kind: 'keep' | 'delete' | undefined;
  readonly #place: RepositoryPlace;
  readonly #window: { readonly from: number; readonly to: number };

  constructor(
    plan: EvaluationPlan,
    kind: 'keep' | 'delete' | undefined,
    place: RepositoryPlace,
    window: { readonly from: number; readonly to: number },
  ) {
    this.#plan = plan;
    this.#kind = kind;
    this.#place = place;
    this.#window = window;
  }

  take({ candidate, items, isDeleted }: ArtifactDecision): boolean {
    for (const item of items) {
      const decision = item.isDeleted ? 'delete' : 'keep';
      if (this.#kind !== undefined && this.#kind !== decision) continue;
      const at = this.seen++;
      if (at < this.#window.from || at >= this.#window.to) continue;
      const tag = candidate.tags.find(({ name }) => name === item.tag);
      const pulledAt = tag ? tag.pulledAt : candidate.pulledAt;
      this.rows.push({
        repository_name: this.#place.name,
        digest: candidate.digest,
        tag: item.tag,
        type: candidate.type,
        size: candidate.size,
        push_time: new Date(tag?.pushedAt ?? candidate.pushedAt),
        pull_time: pulledAt === null ? null : new Date(pulledAt),
        decision,
        reason: item.reason,
        rule_id: item.ruleId,
        text: decisionText(item, this.#plan.rules),
        artifact_deleted: isDeleted,
      });
    }
    return false;
  }
}

function outlineKey({ projectId, unit, rules, asOf }: EvaluationPlan, query: Query): string {
  const parts = [projectId, unit, rules, asOf.getTime(), query.decision ?? null, query.repository_name ?? null];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
