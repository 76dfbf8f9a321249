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
  readonly grants: ReadonlySet<Grant>;
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
export function startOfRule(system: CiSystem, audience: string, grants: ReadonlySet<Grant>): RuleDraft {
  const preset = presetOf(system);
  const conditions = preset?.conditions ?? [{ claim: 'sub', match: 'equals' as const, values: [] }];
  return {
    name: system === 'other' ? '' : system,
    description: '',
    issuer: preset?.issuer ?? '',
    audience,
    conditions: conditions.map(conditionDraft),
    grants,
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
    grants: new Set(rule.permissions.flatMap((entry) => grantsOfOffer(entry.access))),
    minutes: rule.token_minutes,
    keys: rule.keys,
    certificate: rule.ca_certificate,
  };
}

function conditionDraft(condition: FederationCondition, index: number): ConditionDraft {
  return { id: index, claim: condition.claim, match: condition.match, values: condition.values.join('\n') };
}

/** The rule of the wire, for one project. */
export function ruleOf(draft: RuleDraft, project: string): FederationRuleCreation {
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
    permissions: permissionsOf({ system: new Set(), project: draft.grants, namespaces: [project] }),
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
