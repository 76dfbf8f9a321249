/** A chart that another chart needs. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
  readonly repository: string;
}

/** A file or folder of a model, flattened: folders come before what they hold. */
export interface FileRow {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  readonly folder: boolean;
  /** Bytes; undefined when nobody said. */
  readonly size: number | undefined;
}

/** A step of an image's build, as its configuration tells it. */
export interface BuildStep {
  readonly command: string;
  readonly comment: string;
  readonly created: string;
  /** It only set something. */
  readonly empty: boolean;
}

const MAX_DEPTH = 32;

/** Reads the addition `dependencies`; entries that are none are left out. */
export function dependenciesOf(text: string): readonly Dependency[] {
  return listOf(text).map((entry) => ({
    name: textOf(entry.name),
    version: textOf(entry.version),
    repository: textOf(entry.repository),
  }));
}

/** Reads the addition `files`: a tree of `{name, type, size, children}`. */
export function filesOf(text: string): readonly FileRow[] {
  const rows: FileRow[] = [];
  const walk = (entries: readonly Record<string, unknown>[], parent: string, depth: number) => {
    for (const entry of entries) {
      const name = textOf(entry.name);
      const path = `${parent}${name}`;
      const children = Array.isArray(entry.children) ? entry.children.filter(isRecord) : [];
      const folder = children.length > 0 || entry.type === 'directory';
      rows.push({ path, name, depth, folder, size: typeof entry.size === 'number' ? entry.size : undefined });
      if (depth < MAX_DEPTH) walk(children, `${path}/`, depth + 1);
    }
  };
  walk(listOf(text), '', 0);
  return rows;
}

/** Reads the addition `build_history`, first step first. */
export function buildStepsOf(text: string): readonly BuildStep[] {
  return listOf(text).map((entry) => ({
    command: textOf(entry.created_by),
    comment: textOf(entry.comment),
    created: textOf(entry.created),
    empty: entry.empty_layer === true,
  }));
}

function listOf(text: string): Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter(isRecord) : [];
  } catch {
    return [];
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
