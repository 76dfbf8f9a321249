/** Tells whether a whole text matches. Takes time linear in the text, never throws. */
export type Matcher = (text: string) => boolean;

/** One step of an automaton: a character to read, or two places to go on from without reading. */
export type Instruction =
  | { readonly kind: 'read'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'fork'; readonly first: number; readonly second: number }
  | { readonly kind: 'end' };

/**
 * Runs an automaton from instruction 0 over a text by following all its states at once (Thompson's way), so the time is at
 * most the length of the text times the number of instructions, whatever the pattern is.
 */
export function runAutomaton(program: readonly Instruction[], text: string): boolean {
  let present = statesFrom(program, [0]);
  for (const character of text) {
    const next: number[] = [];
    for (const state of present) {
      const instruction = program[state];
      if (instruction?.kind === 'read' && instruction.accepts(character)) next.push(state + 1);
    }
    if (next.length === 0) return false;
    present = statesFrom(program, next);
  }
  for (const state of present) if (program[state]?.kind === 'end') return true;
  return false;
}

/** The states reached from these without reading, each once. */
function statesFrom(program: readonly Instruction[], starts: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  const open = [...starts];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (reached.has(state)) continue;
    reached.add(state);
    const instruction = program[state];
    if (instruction?.kind === 'fork') open.push(instruction.second, instruction.first);
  }
  return reached;
}
