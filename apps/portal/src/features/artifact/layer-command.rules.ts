/** A layer's command as a person wrote it: the builder's wrapping is taken off, its instruction named apart. */
export function layerCommand(raw: string): { keyword: string; text: string } {
  const text = raw
    .replace(/^\|\d+ (?:[\w.-]+=(?:"[^"]*"|\S*) )*/, '')
    .replace(/\s+# buildkit$/, '')
    .trim();
  const nop = /^\/bin\/sh -c #\(nop\)\s+([A-Z]+)\s+([\s\S]*)$/.exec(text);
  if (nop) return { keyword: nop[1] ?? '', text: (nop[2] ?? '').trim() };
  const shell = /^(?:RUN )?\/bin\/(?:ba)?sh -c ([\s\S]*)$/.exec(text);
  if (shell) return { keyword: 'RUN', text: tidy(shell[1] ?? '') };
  const instruction = /^([A-Z]{3,11}) ([\s\S]*)$/.exec(text);
  if (instruction) return { keyword: instruction[1] ?? '', text: tidy(instruction[2] ?? '') };
  return { keyword: '', text: tidy(text) };
}

/** Runs of blanks that come from continued lines are one; each `&&` begins a line. */
function tidy(text: string): string {
  return text
    .replaceAll(/[ \t]{2,}/g, ' ')
    .replaceAll(/ *&& */g, '\n  && ')
    .trim();
}
