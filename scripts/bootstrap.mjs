import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const tools = join(root, '.tools');

const NODE_VERSION = '24.21.0';
const PNPM_VERSION = '12.21.0';
const OLDEST_NODE = 20;

const nodeMajor = Number(process.versions.node.split('.')[0]);
const platform = `${process.platform}-${process.arch}`;
const modules = join(tools, 'node_modules');
const nodeDirectory = join(modules, `node-${platform}`, 'bin');

/** Installs the pinned Node and pnpm into .tools when they are missing; returns the environment that uses them. */
export async function bringTools() {
  if (nodeMajor < OLDEST_NODE) {
    throw new Error(`Moorage needs Node ${OLDEST_NODE} or later to start; this is ${process.version}.`);
  }
  const ownNode = nodeMajor >= Number(NODE_VERSION.split('.')[0]);
  const wanted = JSON.stringify({ node: NODE_VERSION, pnpm: PNPM_VERSION, host: platform });
  const stamp = join(tools, 'stamp.json');
  if (readIfThere(stamp) !== wanted || !(ownNode || existsSync(nodeDirectory))) {
    console.error('Moorage: fetching its tools (Node and pnpm, into .tools) …');
    await installTools(ownNode);
    writeFileSync(stamp, wanted);
  }
  return toolEnvironment();
}

/** Installs the workspace's packages by the lockfile, unless nothing changed since the last time. */
export async function installPackages(env) {
  const stamp = join(root, 'node_modules', '.moorage-install');
  const wanted = hashOf(['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...packageManifests()]);
  if (readIfThere(stamp) === wanted) return;
  console.error('Moorage: installing packages …');
  const quiet = ['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'];
  const code = await run('pnpm', quiet, { ...env, CI: 'true' }, { cwd: root });
  if (code !== 0) throw new Error('The packages could not be installed; the lines above say why.');
  writeFileSync(stamp, wanted);
}

async function installTools(ownNode) {
  const packages = [`pnpm@${PNPM_VERSION}`, ...(ownNode ? [] : [`node-${platform}@${NODE_VERSION}`])];
  const switches = [
    '--no-save',
    '--no-package-lock',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const args = ['install', '--prefix', tools, ...switches, ...packages];
  const env = { ...process.env, npm_config_update_notifier: 'false', ...caches('npm_config_cache') };
  const code = await run('npm', args, env, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (code === 0) return;
  const advice = ownNode ? '' : ` Or install Node ${NODE_VERSION.split('.')[0]} yourself: then only pnpm is fetched.`;
  throw new Error(`The tools could not be installed; the lines above say why.${advice}`);
}

/** npm's own variables would reach pnpm and everything below; only the registry it was told to use stays. */
function toolEnvironment() {
  const entries = Object.entries(process.env).filter(([key]) => !/^npm_/i.test(key));
  const registry = process.env.npm_config_registry ?? process.env.NPM_CONFIG_REGISTRY;
  const path = [
    existsSync(nodeDirectory) ? nodeDirectory : dirname(process.execPath),
    ...nativePnpm(),
    join(modules, '.bin'),
    join(root, 'node_modules', '.bin'),
    process.env.PATH,
  ];
  return {
    ...Object.fromEntries(entries),
    ...(registry ? { pnpm_config_registry: registry } : {}),
    ...caches('pnpm_config_store_dir'),
    PATH: path.join(delimiter),
  };
}

/** With --ignore-scripts the `pnpm` in .bin stays a stub that only a shell can run, so the real program comes first. */
function nativePnpm() {
  const scope = join(modules, '@pnpm');
  const names = existsSync(scope) ? readdirSync(scope).filter((name) => name.startsWith('exe')) : [];
  return names.map((name) => join(scope, name));
}

/** Where the home directory cannot be written (containers, service accounts), package caches go into .tools. */
function caches(variable) {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    return { [variable]: join(tools, 'cache', variable) };
  }
}

function packageManifests() {
  const groups = ['apps', 'packages'].filter((group) => existsSync(join(root, group)));
  const folders = groups.flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)));
  return ['package.json', ...folders.map((folder) => join(folder, 'package.json'))].sort();
}

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${readIfThere(join(root, file)) ?? ''}\0`);
  return hash.digest('hex');
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
