import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDirectory } from '@moorage/testing';
import { RunFailed, runProgram } from '../target/run-program.ts';
import type { Target } from '../target/target.ts';

export type ConformanceVersion = '1.1' | 'dev';

export interface ConformanceResult {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  /** Tests that the chosen version of the specification switches off. */
  readonly disabled: number;
  /** `name: error` of each case that failed or was skipped. */
  readonly complaints: readonly string[];
}

/** Runs the official OCI conformance program against a target, in the stable version or with what is coming. */
export async function runConformance(
  target: Target,
  version: ConformanceVersion,
  settings: Readonly<Record<string, string>> = {},
): Promise<ConformanceResult> {
  const directory = createTempDirectory('conformance');
  const login: Record<string, string> = target.credentials
    ? { OCI_USERNAME: target.credentials.username, OCI_PASSWORD: target.credentials.password }
    : {};
  try {
    await runProgram('oci-conformance', [], {
      cwd: directory.path,
      timeout: 300_000,
      env: {
        OCI_REGISTRY: target.host,
        OCI_TLS: 'disabled',
        OCI_VERSION: version,
        OCI_REPO1: 'conformance/one',
        OCI_REPO2: 'conformance/two',
        OCI_RESULTS_DIR: directory.path,
        OCI_LOG: 'error',
        ...login,
        ...settings,
      },
    }).catch((error: unknown) => {
      if (!(error instanceof RunFailed)) throw error;
    });
    return readReport(readFileSync(join(directory.path, 'junit.xml'), 'utf8'));
  } finally {
    directory.remove();
  }
}

function readReport(report: string): ConformanceResult {
  const head = /<testsuites[^>]*>/.exec(report)?.[0] ?? '';
  const count = (name: string) => Number(new RegExp(` ${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
  const complaints: string[] = [];
  for (const [, attributes = '', body = ''] of report.matchAll(/<testcase([^>]*)>(.*?)<\/testcase>/gs)) {
    const status = /status="(\w+)"/.exec(attributes)?.[1];
    const name = /name="([^"]*)"/.exec(attributes)?.[1];
    const reason = /<system-out>(.*?)<\/system-out>/s.exec(body)?.[1];
    // A case without a reason was switched off by the version, not by the registry.
    if (status !== 'passed' && reason !== undefined) complaints.push(`${status} ${name}: ${reason}`);
  }
  return {
    tests: count('tests'),
    failures: count('failures'),
    errors: count('errors'),
    skipped: count('skipped'),
    disabled: count('disabled'),
    complaints,
  };
}
