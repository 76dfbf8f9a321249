import { LEVELS, levelOf } from './levels.ts';

/** A file of the workspace: its path from the top folder with `/`, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A breach of a rule; `rule` is the name an exception refers to. */
export interface Finding {
  readonly rule: string;
  readonly path: string;
  readonly message: string;
}

/** Role suffixes a file name may carry between its noun and its extension. */
const ROLES = [
  'schema',
  'api',
  'module',
  'controller',
  'service',
  'store',
  'entity',
  'rules',
  'jobs',
  'processor',
  'events',
  'queries',
  'page',
  'decorator',
  'guard',
  'filter',
  'interceptor',
  'middleware',
  'int',
  'e2e',
  'spec',
  'd',
];
const FORBIDDEN_WORDS = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'lib'];
/** Files a tool finds by name, or is handed: `vite.config.ts`, `vitest.postgres.ts`. */
const TOOL_FILES = /(^|\/)(vite|vitest)(\.[a-z-]+)+\.ts$/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const LINES = { source: 400, test: 600, component: 250, roomIndex: 20, readme: 60, architecture: 150, decision: 40 };
const ROOM_FILES = 15;

const isCode = (path: string) => /\.[cm]?tsx?$|\.mjs$/.test(path);
const isTest = (path: string) => /\.spec\.tsx?$|\/test(ing)?\//.test(path);
const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const lineCount = (text: string) => text.split('\n').length - (text.endsWith('\n') ? 1 : 0);

/** Checks every file name: kebab-case nouns, known role suffixes, no grab-bag words. */
export function checkNames(files: readonly SourceFile[]): Finding[] {
  return files.flatMap(({ path }) => {
    if (!/^(apps|packages)\//.test(path)) return [];
    const words = path.split('/').flatMap((part) => part.split(/[.-]/));
    const word = FORBIDDEN_WORDS.find((forbidden) => words.includes(forbidden));
    const findings: Finding[] = [];
    if (word) findings.push({ rule: 'grab-bag-name', path, message: `name it by what it does, not "${word}"` });
    if (isCode(path) && !TOOL_FILES.test(path)) findings.push(...checkFileName(path));
    return findings;
  });
}

function checkFileName(path: string): Finding[] {
  const [noun = '', ...roles] = baseName(path)
    .replace(/\.(mjs|[cm]?tsx?)$/, '')
    .split('.');
  if (!KEBAB.test(noun)) return [{ rule: 'file-name', path, message: 'write file names in kebab-case' }];
  const unknown = roles.find((role) => !ROLES.includes(role));
  if (!unknown) return [];
  return [
    {
      rule: 'file-name',
      path,
      message: `"${unknown}" is no known role suffix; use a hyphen or one of ${ROLES.join(', ')}`,
    },
  ];
}

/** Checks lengths: files, room indexes, package READMEs, decision records, and the number of files in a room. */
export function checkSizes(files: readonly SourceFile[]): Finding[] {
  const findings = files.flatMap(({ path, text }) => {
    const limit = lineLimit(path);
    const lines = lineCount(text);
    return limit !== null && lines > limit
      ? [{ rule: 'file-size', path, message: `${lines} lines, at most ${limit}: split it by noun` }]
      : [];
  });
  return [...findings, ...checkRoomSizes(files)];
}

function lineLimit(path: string): number | null {
  if (path === 'docs/architecture.md') return LINES.architecture;
  if (/^docs\/decisions\/.*\.md$/.test(path)) return LINES.decision;
  if (/^(apps|packages)\/.*README\.md$/.test(path)) return LINES.readme;
  if (!isCode(path) || /\/generated\//.test(path)) return null;
  if (isTest(path)) return LINES.test;
  if (/^packages\/features\/src\/[^/]+\/index\.ts$/.test(path)) return LINES.roomIndex;
  return path.endsWith('.tsx') ? LINES.component : LINES.source;
}

function checkRoomSizes(files: readonly SourceFile[]): Finding[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const room = /^packages\/features\/src\/[^/]+(?=\/)/.exec(path)?.[0];
    if (room && isCode(path) && !isTest(path)) counts.set(room, (counts.get(room) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > ROOM_FILES)
    .map(([path, count]) => ({
      rule: 'room-size',
      path,
      message: `${count} source files, at most ${ROOM_FILES}: split the room by a noun users know`,
    }));
}

/** Checks that every room stands in the level table and has an index.ts and a README.md. */
export function checkRooms(files: readonly SourceFile[]): Finding[] {
  const paths = new Set(files.map(({ path }) => path));
  const rooms = new Set([...paths].flatMap((path) => /^packages\/features\/src\/([^/]+)\//.exec(path)?.[1] ?? []));
  return [...rooms].flatMap((room) => {
    const path = `packages/features/src/${room}`;
    const missing = ['index.ts', 'README.md'].filter((file) => !paths.has(`${path}/${file}`));
    const findings = missing.map((file) => ({ rule: 'room-files', path, message: `the room has no ${file}` }));
    if (levelOf(room) === undefined) {
      findings.push({
        rule: 'room-level',
        path,
        message: 'the room is not in the table of packages/tooling/src/check/levels.ts',
      });
    }
    return findings;
  });
}

/** Checks that the architecture page shows the level table as it is. */
export function checkLevelTable(files: readonly SourceFile[]): Finding[] {
  const path = 'docs/architecture.md';
  const page = files.find((file) => file.path === path);
  if (!page) return [];
  return LEVELS.map(({ name, rooms }, level) => `| ${level} ${name} | ${rooms.join(', ')} |`)
    .filter((row) => !page.text.includes(row))
    .map((row) => ({ rule: 'level-table', path, message: `the level table of levels.ts has another row: ${row}` }));
}

interface TextRule {
  readonly rule: string;
  readonly pattern: RegExp;
  readonly applies: (path: string) => boolean;
  readonly message: string;
}

const isProduct = (path: string) => /^(apps|packages)\//.test(path) && isCode(path) && !isTest(path);

const TEXT_RULES: readonly TextRule[] = [
  {
    rule: 'sql-only-in-store',
    pattern: /\bsql`|[`'"]\s*(select\b[^`'"]*\bfrom\b|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s)/i,
    applies: (path) =>
      isProduct(path) &&
      !/\.(store|entity)\.ts$|^packages\/(database|jobs|distribution|tooling|e2e|testing)\//.test(path),
    message: 'SQL stands in *.store.ts and in packages/database',
  },
  {
    rule: 'unfinished',
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    applies: (path) => isCode(path) && !path.startsWith('packages/tooling/src/check/'),
    message: 'finish it, or say what is missing in the documentation',
  },
  {
    rule: 'process-env',
    pattern: /\bprocess\.env\b/,
    applies: (path) =>
      isProduct(path) && !TOOL_FILES.test(path) && !/^packages\/(config|tooling|e2e|testing)\//.test(path),
    message: 'only packages/config reads the environment; take a typed slice of Config instead',
  },
];

/** Checks the text of every file for what belongs elsewhere. */
export function checkTexts(files: readonly SourceFile[]): Finding[] {
  return TEXT_RULES.flatMap(({ rule, pattern, applies, message }) =>
    files
      .filter(({ path, text }) => applies(path) && pattern.test(text))
      .map(({ path, text }) => ({ rule, path, message: `line ${lineOf(text, pattern)}: ${message}` })),
  );
}

function lineOf(text: string, pattern: RegExp): number {
  return text.slice(0, text.search(pattern)).split('\n').length;
}
