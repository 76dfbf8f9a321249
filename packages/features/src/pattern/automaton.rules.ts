/** Tells whether a whole text matches. Takes time linear in the text, never throws. */
export type Matcher = (text: string) => boolean;

/** One step of an automaton: a character to read, or two places to go on from without reading. */
export type Instruction =
  | { readonly kind: 'read'; readonly accepts: (character: string) => boolean }
  | { readonly kind: 'fork'; readonly first: number; readonly second: number }
  | { readonly kind: 'end' };

/** All places an automaton may be in at once, and where characters that were read there led. */
interface State {
  readonly places: readonly number[];
  readonly isEnd: boolean;
  /** By code point below {@link REMEMBERED}: names are written in ASCII. */
  readonly next: (State | null | undefined)[];
}

const REMEMBERED = 128;

/** Beyond this the states met so far are forgotten: a pattern can have very many, and names that reach them all. */
const MAX_STATES = 256;

/**
 * A matcher that runs an automaton from instruction 0, following all its states at once (Thompson's way), so the time is
 * at most the length of the text times the number of instructions, whatever the pattern is. It remembers the states it
 * meets, and reads the same kind of text again at one look-up for each character.
 */
export function automatonMatcher(program: readonly Instruction[]): Matcher {
  const states = new Map<string, State>();
  const stateAt = (starts: readonly number[]): State => {
    const places = placesFrom(program, starts);
    const key = places.join(' ');
    const known = states.get(key);
    if (known) return known;
    if (states.size >= MAX_STATES) forget(states);
    const state = { places, isEnd: places.some((place) => program[place]?.kind === 'end'), next: [] };
    states.set(key, state);
    return state;
  };
  const start = stateAt([0]);
  return (text) => {
    let present = start;
    for (let at = 0; at < text.length; ) {
      const code = text.codePointAt(at) ?? 0;
      let next = code < REMEMBERED ? present.next[code] : undefined;
      if (next === undefined) {
        next = read(program, present, String.fromCodePoint(code), stateAt);
        if (code < REMEMBERED) present.next[code] = next;
      }
      if (next === null) return false;
      present = next;
      at += code > 0xffff ? 2 : 1;
    }
    return present.isEnd;
  };
}

/** The state after a character; null when the automaton has no place for it. */
function read(
  program: readonly Instruction[],
  present: State,
  character: string,
  stateAt: (starts: readonly number[]) => State,
): State | null {
  const starts = present.places.flatMap((place) => {
    const instruction = program[place];
    return instruction?.kind === 'read' && instruction.accepts(character) ? [place + 1] : [];
  });
  return starts.length === 0 ? null : stateAt(starts);
}

/** The first state stays in use; what led on from the forgotten ones must not keep them. */
function forget(states: Map<string, State>): void {
  for (const state of states.values()) state.next.length = 0;
  states.clear();
}

/** The places reached from these without reading, each once, in order. */
function placesFrom(program: readonly Instruction[], starts: readonly number[]): readonly number[] {
  const reached = new Set<number>();
  const open = [...starts];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (reached.has(place)) continue;
    reached.add(place);
    const instruction = program[place];
    if (instruction?.kind === 'fork') open.push(instruction.second, instruction.first);
  }
  return [...reached].sort((one, other) => one - other);
}
