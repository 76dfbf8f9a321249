import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkLinks } from './links.rules.ts';
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { checkContentRemoval } from './content-removal.rules.ts';
import { checkInterfaceSizes } from './interface-size.rules.ts';
import {
  checkLevelTable,
  checkNames,
  checkRooms,
  checkSizes,
  checkTexts,
  type Finding,
  type SourceFile,
} from './tree.rules.ts';

const TEXT = /\.([cm]?[jt]sx?|md|json|ya?ml)$/;

/** Checks names, sizes, rooms, texts and links of all files git knows or would add. Returns one line per finding. */
export async function checkTree(root: string): Promise<string[]> {
  const files = await readFiles(root);
  const checks = [
    ...[checkNames, checkSizes, checkRooms, checkTexts, checkContentRemoval],
    ...[checkInterfaceSizes, checkLinks, checkLevelTable],
  ];
  const findings = applyExceptions(
    checks.flatMap((check) => check(files)),
    EXCEPTIONS,
  );
  return findings.map(({ rule, path, message }) => `${path}: ${message} (${rule})`).sort();
}

/** Drops the findings that an exception allows, and adds one for every exception that allows nothing. */
export function applyExceptions(findings: readonly Finding[], exceptions: readonly Exception[]): Finding[] {
  const matches = (finding: Finding, { path, rule }: Exception) => finding.path === path && finding.rule === rule;
  const unused = exceptions.filter((exception) => !findings.some((finding) => matches(finding, exception)));
  return [
    ...findings.filter((finding) => !exceptions.some((exception) => matches(finding, exception))),
    ...unused.map(({ path, rule }) => ({
      rule: 'unused-exception',
      path,
      message: `the exception from ${rule} is not needed`,
    })),
  ];
}

async function readFiles(root: string): Promise<SourceFile[]> {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await promisify(execFile)('git', list, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  const paths = stdout.split('\0').filter((path) => path !== '');
  const files = await Promise.all(paths.map(async (path) => ({ path, text: await readText(root, path) })));
  return files.filter((file): file is SourceFile => file.text !== null);
}

/** Text of a file; empty for binary ones, null for one that is deleted but still in the index. */
async function readText(root: string, path: string): Promise<string | null> {
  return readFile(join(root, path), TEXT.test(path) ? 'utf8' : 'latin1').then(
    (text) => (TEXT.test(path) ? text : ''),
    () => null,
  );
}
