import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { levelOf } from '../check/levels.ts';
import { CommandFailed } from '../command-failed.ts';
import { runProgram } from '../program.ts';
import { ROOT } from '../root.ts';
import { register } from './registration.rules.ts';
import { parseRoomName, type RoomName } from './room-name.rules.ts';
import { roomFiles } from './room-templates.ts';

const LISTS = {
  endpoints: 'packages/contracts/src/endpoints.ts',
  contractsIndex: 'packages/contracts/src/index.ts',
  migrations: 'packages/database/src/migrations/index.ts',
} as const;

/** Writes the files of a room below `root` and enters it into the lists; returns the paths in reading order. */
export function writeRoom(root: string, name: RoomName, migrationTime: number): string[] {
  if (existsSync(join(root, 'packages/features/src', name.kebab))) {
    throw new CommandFailed(`The room ${name.kebab} exists already.`);
  }
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const lists = register(
    {
      endpoints: read(LISTS.endpoints),
      contractsIndex: read(LISTS.contractsIndex),
      migrations: read(LISTS.migrations),
    },
    name,
    migrationTime,
  );
  const files = roomFiles(name, migrationTime);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const key of Object.keys(LISTS) as (keyof typeof LISTS)[]) writeFileSync(join(root, LISTS[key]), lists[key]);
  return [...Object.keys(files), ...Object.values(LISTS)];
}

/** `npm run new-room -- <name>`: writes the room and says what remains to be decided by a person. */
export async function newRoom([text = '']: readonly string[]): Promise<void> {
  const name = parseRoomName(text);
  if (!name) throw new CommandFailed('Name the room by a singular noun in kebab-case: npm run new-room -- image-label');
  const paths = writeRoom(ROOT, name, Date.now());
  await runProgram('biome', ['format', '--write', ...paths.filter((path) => path.endsWith('.ts'))]);
  const steps = [
    ...(levelOf(name.kebab) === undefined ? ['give it a level in packages/tooling/src/check/levels.ts'] : []),
    `choose its permission in packages/contracts/src/${name.kebab}/${name.kebab}.api.ts (now project:read)`,
    `add ${name.pascal}Module to the modules of apps/core`,
    'npm run gen, npm run check',
  ];
  console.log(['Wrote', ...paths.map((path) => `  ${path}`), 'Next', ...steps.map((step) => `  - ${step}`)].join('\n'));
}
