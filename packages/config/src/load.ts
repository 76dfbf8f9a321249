import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { suggestVariable } from './suggestion.rules.ts';
import { type Variable, variables } from './variables.schema.ts';

type Variables = typeof variables;
type Value<V> = V extends { readonly default: string } & Variable<infer T>
  ? T
  : V extends Variable<infer T>
    ? T | undefined
    : never;

/** The typed, frozen configuration of a process. Keys without a value are undefined. */
export type Config = { readonly [K in keyof Variables]: Value<Variables[K]> };

/** The environment as Node gives it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the whole configuration from `env`. An empty value counts as not set. Throws one {@link ConfigError} that lists
 * every problem, unknown `MOORAGE_` names included.
 */
export function loadConfig(env: Environment = process.env): Config {
  const problems = unknownVariables(env);
  const entries = Object.entries(variables).map(([key, variable]) => [key, readVariable(variable, env, problems)]);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(Object.fromEntries(entries)) as Config;
}

/** As {@link loadConfig}, but prints the problems and ends the process with code 78; for the first line of a `main.ts`. */
export function loadConfigOrExit(env: Environment = process.env): Config {
  try {
    return loadConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(ConfigError.EXIT_CODE);
  }
}

function readVariable(variable: Variable, env: Environment, problems: string[]): unknown {
  const input = readText(variable, env, problems) ?? variable.default;
  if (input === undefined) return undefined;
  const result = variable.schema.safeParse(input);
  if (result.success) return result.data;
  problems.push(...result.error.issues.map((issue) => `${variable.name} ${issue.message}`));
  return undefined;
}

function readText(variable: Variable, env: Environment, problems: string[]): string | undefined {
  const direct = env[variable.name] || undefined;
  const fileName = `${variable.name}_FILE`;
  const file = variable.secret ? env[fileName] || undefined : undefined;
  if (direct !== undefined && file !== undefined) {
    problems.push(`${variable.name} and ${fileName} are both set; keep one of them`);
    return undefined;
  }
  return file === undefined ? direct : readSecretFile(fileName, file, problems);
}

function readSecretFile(name: string, path: string, problems: string[]): string | undefined {
  try {
    const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    if (content !== '') return content;
    problems.push(`${name} names an empty file: ${path}`);
  } catch (error) {
    problems.push(`${name} names a file that cannot be read: ${path} (${(error as NodeJS.ErrnoException).code})`);
  }
  return undefined;
}

/** Test and benchmark settings, and what Kubernetes adds for services whose name starts with `moorage`. */
const FOREIGN = [
  /^MOORAGE_(TEST_|E2E_|BENCH_|SKIP_LOG$|REQUIRE_ALL$)/,
  /_SERVICE_(HOST|PORT(_\w+)?)$/,
  /_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/,
];

function unknownVariables(env: Environment): string[] {
  const known = Object.values<Variable>(variables).flatMap(({ name, secret }) =>
    secret ? [name, `${name}_FILE`] : [name],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith('MOORAGE_') && !known.includes(name))
    .filter((name) => !FOREIGN.some((pattern) => pattern.test(name)))
    .filter((name) => !(name.endsWith('_PORT') && env[name]?.includes('://')))
    .map((name) => {
      const suggestion = suggestVariable(name, known);
      return `${name} is not a setting${suggestion ? `; did you mean ${suggestion}?` : ' of this version; remove it'}`;
    });
}
