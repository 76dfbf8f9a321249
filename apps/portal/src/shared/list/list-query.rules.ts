/** One condition of the API's `q`: equal, part of, one of, all of, or between two bounds of which either may be open. */
export type Condition =
  | { readonly key: string; readonly is: string }
  | { readonly key: string; readonly contains: string }
  | { readonly key: string; readonly oneOf: readonly string[] }
  | { readonly key: string; readonly allOf: readonly string[] }
  | { readonly key: string; readonly from?: string; readonly to?: string };

/** Writes `q` (QRY-1). Conditions without a value are left out; undefined when none is left. */
export function listQueryText(conditions: readonly Condition[]): string | undefined {
  const terms = conditions.flatMap(termOf);
  return terms.length === 0 ? undefined : terms.join(',');
}

function termOf(condition: Condition): string[] {
  const { key } = condition;
  if ('is' in condition) return condition.is === '' ? [] : [`${key}=${escape(condition.is)}`];
  if ('contains' in condition) return condition.contains === '' ? [] : [`${key}=~${escape(condition.contains)}`];
  if ('oneOf' in condition) {
    if (condition.oneOf.length === 0) return [];
    return [`${key}={${condition.oneOf.map(escape).join(' ')}}`];
  }
  if ('allOf' in condition) {
    if (condition.allOf.length === 0) return [];
    return [`${key}=(${condition.allOf.map(escape).join(' ')})`];
  }
  const { from = '', to = '' } = condition;
  return from === '' && to === '' ? [] : [`${key}=[${escape(from)}~${escape(to)}]`];
}

/** A backslash takes the next character as it is. */
function escape(value: string): string {
  return value.replaceAll(/[\\,~[\]{}() =]/g, String.raw`\$&`);
}
