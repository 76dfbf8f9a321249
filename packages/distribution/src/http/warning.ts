const MAX_BYTES = 4096;

/**
 * Warning headers in the one form clients show: `299 - "text"`, at most 4,096 bytes in all (distribution-spec
 * "Warnings"). Characters that a header cannot carry become question marks.
 */
export function warningHeaders(warnings: readonly string[]): string[] {
  const headers: string[] = [];
  let total = 0;
  for (const warning of warnings) {
    const value = `299 - "${quote(warning)}"`;
    total += value.length;
    if (total > MAX_BYTES) break;
    headers.push('Warning', value);
  }
  return headers;
}

function quote(text: string): string {
  let quoted = '';
  for (const char of text) {
    const code = char.charCodeAt(0);
    if (char === '"' || char === '\\') quoted += `\\${char}`;
    else quoted += code >= 0x20 && code < 0x7f ? char : '?';
  }
  return quoted;
}
