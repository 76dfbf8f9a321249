import {
  FEDERATION_PRESETS,
  type FederationCondition,
  type FederationPreset,
  type FederationRule,
  type FederationRuleCreation,
} from '@moorage/contracts';
import { type Grant, grantsOfOffer, permissionsOf } from '../../shared/permission/permission.rules.ts';

/** The CI systems there is help for; `other` is any issuer of signed tokens. */
export const CI_SYSTEMS = ['github', 'gitlab', 'circleci', 'kubernetes', 'other'] as const;
export type CiSystem = (typeof CI_SYSTEMS)[number];

/** A condition as it is edited: its values are lines of text. */
export interface ConditionDraft {
  readonly id: number;
  readonly claim: string;
  readonly match: FederationCondition['match'];
  readonly values: string;
}

/** A rule as it is edited. */
export interface RuleDraft {
  readonly name: string;
  readonly description: string;
  readonly issuer: string;
  readonly audience: string;
  readonly conditions: readonly ConditionDraft[];
  /** Rights in projects. */
  readonly grants: ReadonlySet<Grant>;
  /** The projects of those rights, or `*` alone for every one; of a rule of a project just that. */
  readonly namespaces: readonly string[];
  /** Rights over the registry itself; none in rules of a project. */
  readonly systemGrants: ReadonlySet<Grant>;
  readonly minutes: number;
  readonly keys: string;
  readonly certificate: string;
}

export function presetOf(system: CiSystem): FederationPreset | null {
  return FEDERATION_PRESETS.find((preset) => preset.id === system) ?? null;
}

/** The CI system an issuer belongs to, as far as its address tells. */
export function systemOfIssuer(issuer: string): CiSystem {
  if (issuer.includes('token.actions.githubusercontent.com') || issuer.endsWith('/_services/token')) return 'github';
  if (issuer.includes('circleci')) return 'circleci';
  if (issuer.includes('gitlab')) return 'gitlab';
  return issuer.includes('kubernetes') || issuer.includes('cluster.local') ? 'kubernetes' : 'other';
}

/** What a new rule for a CI system begins with. `audience` is the address of this registry. */
export function startOfRule(system: CiSystem, begin: Pick<RuleDraft, 'audience' | 'grants' | 'namespaces'>): RuleDraft {
  const preset = presetOf(system);
  const conditions = preset?.conditions ?? [{ claim: 'sub', match: 'equals' as const, values: [] }];
  return {
    name: system === 'other' ? '' : system,
    description: '',
    issuer: preset?.issuer ?? '',
    ...begin,
    conditions: conditions.map(conditionDraft),
    systemGrants: new Set(),
    minutes: 15,
    keys: '',
    certificate: '',
  };
}

export function draftOfRule(rule: FederationRule): RuleDraft {
  return {
    name: rule.name,
    description: rule.description,
    issuer: rule.issuer,
    audience: rule.audience,
    conditions: rule.conditions.map(conditionDraft),
    grants: grantsOf(rule, 'project'),
    namespaces: [...new Set(inProjects(rule).map((entry) => entry.namespace))],
    systemGrants: grantsOf(rule, 'system'),
    minutes: rule.token_minutes,
    keys: rule.keys,
    certificate: rule.ca_certificate,
  };
}

function inProjects(rule: FederationRule) {
  return rule.permissions.filter((entry) => entry.kind === 'project');
}

/** What a rule gives in projects, or over the registry itself. */
export function grantsOf(rule: FederationRule, kind: 'project' | 'system'): ReadonlySet<Grant> {
  const entries = rule.permissions.filter((entry) => entry.kind === kind);
  return new Set(entries.flatMap((entry) => grantsOfOffer(entry.access)));
}

/** Whether a rule gives one set of rights in all its projects, as this form does; others are changed by the API alone. */
export function isEven(rule: FederationRule): boolean {
  const sets = inProjects(rule).map((entry) => grantsOfOffer(entry.access).sort().join());
  return new Set(sets).size <= 1;
}

function conditionDraft(condition: FederationCondition, index: number): ConditionDraft {
  return { id: index, claim: condition.claim, match: condition.match, values: condition.values.join('\n') };
}

/** The rule of the wire. */
export function ruleOf(draft: RuleDraft): FederationRuleCreation {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    issuer: draft.issuer.trim(),
    ...(draft.audience.trim() === '' ? {} : { audience: draft.audience.trim() }),
    conditions: draft.conditions.map((condition) => ({
      claim: condition.claim.trim(),
      match: condition.match,
      values: valuesOf(condition),
    })),
    permissions: permissionsOf({
      system: draft.systemGrants,
      project: draft.grants,
      namespaces: draft.namespaces,
    }),
    token_minutes: draft.minutes,
    keys: draft.keys.trim(),
    ca_certificate: draft.certificate.trim(),
  };
}

/** The values of a condition: one a line, empty lines left out. */
export function valuesOf(condition: Pick<ConditionDraft, 'values'>): string[] {
  return condition.values
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Text that still stands in for what the person must write: `<owner>/<repository>`. */
export function placeholderIn(text: string): string | null {
  return /<[^<>]+>/.exec(text)?.[0] ?? null;
}
