import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkNames, checkSizes, type SourceFile } from '../check/tree.rules.ts';
import { captureProgram } from '../program.ts';
import { ROOT } from '../root.ts';
import { writeRoom } from './new-room.ts';
import { parseRoomName, type RoomName } from './room-name.rules.ts';

describe('room names', () => {
  it('come in every spelling the templates need', () => {
    expect(parseRoomName('image-policy')).toEqual({
      kebab: 'image-policy',
      camel: 'imagePolicy',
      pascal: 'ImagePolicy',
      plural: { kebab: 'image-policies', pascal: 'ImagePolicies', snake: 'image_policies' },
      words: 'image policy',
    });
    expect(parseRoomName('mailbox')?.plural.kebab).toBe('mailboxes');
  });

  it.each(['', 'Label', 'image_label', '-label', '../label'])('refuses %j', (text) => {
    expect(parseRoomName(text)).toBeNull();
  });
});

describe('a new room', () => {
  const name = parseRoomName('image-label') as RoomName;
  let root = '';
  let paths: string[] = [];

  /** Inside the workspace, so that the generated code finds the packages it imports. */
  beforeAll(() => {
    root = mkdtempSync(join(ROOT, 'packages/tooling/planted-'));
    for (const folder of ['contracts', 'features', 'database']) {
      cpSync(join(ROOT, 'packages', folder, 'src'), join(root, 'packages', folder, 'src'), { recursive: true });
      symlinkSync(join(ROOT, 'packages', folder, 'node_modules'), join(root, 'packages', folder, 'node_modules'));
    }
    paths = writeRoom(root, name, 1_800_000_000_000);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('keeps to the names and sizes the tree checker asks for', () => {
    const files: SourceFile[] = paths.map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
    expect([...checkNames(files), ...checkSizes(files)]).toEqual([]);
  });

  it('compiles in the shape the other rooms have now', { timeout: 300_000 }, async () => {
    const mapped = (folder: string) => [join(root, 'packages', folder, 'src/index.ts')];
    const config = {
      extends: join(ROOT, 'packages/tooling/tsconfig/server.json'),
      compilerOptions: {
        composite: false,
        noEmit: true,
        rootDir: '/',
        paths: { '@moorage/contracts': mapped('contracts'), '@moorage/database': mapped('database') },
      },
      files: paths.filter((path) => path.endsWith('.ts')),
    };
    writeFileSync(join(root, 'tsconfig.json'), JSON.stringify(config));
    const { exitCode, output } = await captureProgram('tsc', ['-p', root]);
    expect(output).toBe('');
    expect(exitCode).toBe(0);
  });
});
