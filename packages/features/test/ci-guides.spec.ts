import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const GUIDES = join(import.meta.dirname, '../../../docs/guides');
const HOST = 'registry.example.com';
const TOKEN = 'header.payload.signature';
const LOGIN = new RegExp(
  `^(docker|skopeo) login (?=.*-u job\\b)(?=.*--password-stdin)(?=.*${HOST.replaceAll('.', '\\.')}( |$))`,
);

/** The documents of every YAML block of a guide; a block that does not parse fails the test. */
function configurationsOf(guide: string): Record<string, never>[][] {
  const text = readFileSync(join(GUIDES, `${guide}.md`), 'utf8');
  return [...text.matchAll(/^ {3}```yaml\n(.*?)^ {3}```$/gms)].map(([, block = '']) =>
    parseAllDocuments(block.replaceAll(/^ {3}/gm, '')).map((document) => {
      expect(document.errors).toEqual([]);
      return document.toJS() as Record<string, never>;
    }),
  );
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
}
interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: { readonly image: { readonly 'runs-on': string; readonly steps: readonly Step[] } };
}
interface GitLabJob {
  readonly image: string;
  readonly services: readonly { readonly name: string }[];
  readonly id_tokens: Readonly<Record<string, { readonly aud: string }>>;
  readonly rules: readonly { readonly if: string }[];
  readonly script: readonly string[];
}
interface CircleConfig {
  readonly version: number;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly (string | { readonly run: string })[] }>>;
  readonly workflows: Readonly<Record<string, { readonly jobs: readonly Readonly<Record<string, object>>[] }>>;
}
interface PodSpec {
  readonly serviceAccountName: string;
  readonly securityContext: object;
  readonly containers: readonly {
    readonly command: readonly string[];
    readonly args: readonly string[];
    readonly env: readonly { readonly name: string; readonly value: string }[];
    readonly securityContext: object;
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string; readonly projected?: object; readonly emptyDir?: object }[];
}
interface KubernetesObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

describe('what the guides of keyless CI show', () => {
  let place: string;
  let calls: string;

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'moorage-ci-'));
    calls = join(place, 'calls');
    mkdirSync(join(place, 'bin'));
    stub('docker', 'case "$1" in login) cat >> "$CALLS.token";; esac');
    stub('skopeo', 'case "$1" in login) cat >> "$CALLS.token";; esac');
    stub('circleci', `printf '%s\\n' ${TOKEN}`);
    stub('curl', `printf '{"count":1,"value":"%s"}' ${TOKEN}`);
    // Stands for the real one, which not every machine has.
    stub('jq', `[ "$*" = '-er .value' ] && sed 's/.*"value":"\\([^"]*\\)".*/\\1/'`);
    writeFileSync(join(place, 'token'), TOKEN);
  });
  afterAll(() => rmSync(place, { recursive: true, force: true }));

  /** A program that writes down how it was called, and then does what `then` says. */
  function stub(name: string, then: string): void {
    const file = join(place, 'bin', name);
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "${name} $*" >> "$CALLS"\n${then}\n`);
    chmodSync(file, 0o755);
  }

  /** Runs lines as the CI system does. Returns the calls in order, and what the sign-in read. */
  function run(script: string, env: Record<string, string> = {}) {
    writeFileSync(calls, '');
    writeFileSync(`${calls}.token`, '');
    const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: `${join(place, 'bin')}:/usr/bin:/bin`, CALLS: calls, ...env },
      encoding: 'utf8',
      timeout: 100_000,
    });
    expect(stderr).toBe('');
    const lines = readFileSync(calls, 'utf8').trimEnd().split('\n');
    // An argument is seen by every process of the machine.
    expect(lines.filter((line) => !line.startsWith('curl ')).join()).not.toContain(TOKEN);
    return { status, lines, read: readFileSync(`${calls}.token`, 'utf8').trim() };
  }

  /** The calls of Docker must be these: build, sign in here with the token, push what was built. */
  function expectPush({ status, lines, read }: ReturnType<typeof run>, tag: string): void {
    const image = `${HOST}/team/app:${tag}`;
    const docker = lines.filter((line) => line.startsWith('docker '));
    expect([status, read]).toEqual([0, TOKEN]);
    expect(docker).toEqual([`docker build -t ${image} .`, expect.stringMatching(LOGIN), `docker push ${image}`]);
  }

  it('GitHub Actions: a workflow that is triggered, may ask for a token, and pushes with it', () => {
    const [[workflow]] = configurationsOf('github-actions') as unknown as [[Workflow]];
    expect(workflow.on).toEqual({ push: { branches: ['main'], tags: ['v*'] } });
    expect(workflow.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect(workflow.jobs.image['runs-on']).toBe('ubuntu-latest');
    const { steps } = workflow.jobs.image;
    expect(steps[0]?.uses).toMatch(/^actions\/checkout@v\d+$/);
    expect(steps.at(-1)?.shell).toBe('bash');
    const script = steps.flatMap((step) => step.run ?? []).join('\n');
    const ran = run(script.replaceAll('${{ github.sha }}', 'c0ffee'), {
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'asking',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://actions.example/token?v=1',
    });
    expectPush(ran, 'c0ffee');
    const asked = `https://actions.example/token?v=1&audience=${encodeURIComponent(`https://${HOST}`)}`;
    expect(ran.lines).toContain(`curl -fsS -H Authorization: Bearer asking ${asked}`);
  });

  it('GitLab CI: a job of its own name, with a token of its own, a daemon, and the refs the rule asks for', () => {
    const [[pipeline]] = configurationsOf('gitlab-ci') as unknown as [[Record<string, GitLabJob>]];
    // Words GitLab keeps for itself: a job cannot have them.
    for (const word of ['image', 'services', 'stages', 'variables', 'default', 'include', 'workflow'])
      expect(pipeline).not.toHaveProperty(word);
    const [job] = Object.values(pipeline) as [GitLabJob];
    expect(job.image).toMatch(/^docker:/);
    expect(job.services).toEqual([{ name: expect.stringMatching(/^docker:\d+-dind$/) }]);
    expect(job.id_tokens).toEqual({ REGISTRY_TOKEN: { aud: `https://${HOST}` } });
    expect(job.rules).toEqual([{ if: '$CI_COMMIT_REF_PROTECTED == "true"' }]);
    expect(job.script.every((line) => typeof line === 'string')).toBe(true);
    expectPush(run(job.script.join('\n'), { REGISTRY_TOKEN: TOKEN, CI_COMMIT_SHORT_SHA: 'c0ffee' }), 'c0ffee');
  });

  it('CircleCI: workflows of jobs there are, on the branch of the rule, without a context', () => {
    const shown = configurationsOf('circleci') as unknown as [CircleConfig][];
    expect(shown).toHaveLength(2);
    for (const [config] of shown) {
      expect(config.version).toBe(2.1);
      expect(Object.values(config.workflows).map(({ jobs }) => jobs)).toEqual([
        [{ image: { filters: { branches: { only: 'main' } } } }],
      ]);
      const steps = config.jobs.image?.steps ?? [];
      expect(steps.slice(0, 2)).toEqual(['checkout', 'setup_remote_docker']);
      const script = steps.flatMap((step) => (typeof step === 'string' ? [] : step.run)).join('\n');
      const ran = run(script, { CIRCLE_OIDC_TOKEN_V2: TOKEN, CIRCLE_SHA1: 'c0ffee' });
      expectPush(ran, 'c0ffee');
      const asks = ran.lines.filter((line) => line.startsWith('circleci '));
      expect(asks).toEqual(
        script.includes('CIRCLE_OIDC_TOKEN_V2') ? [] : [`circleci run oidc get --claims {"aud":"https://${HOST}"}`],
      );
    }
  });

  it('Kubernetes: a job under its service account, whose every volume is there, that needs no rights', () => {
    const [objects = []] = configurationsOf('kubernetes-service-accounts') as unknown as KubernetesObject[][];
    const [namespace, account, job] = objects as [KubernetesObject, KubernetesObject, KubernetesObject];
    expect(objects.map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'Job']);
    expect([account, job].map(({ metadata }) => metadata.namespace)).toEqual(Array(2).fill(namespace.metadata.name));
    const pod = job.spec.template.spec;
    expect(pod.serviceAccountName).toBe(account.metadata.name);
    expect(pod).toMatchObject({ restartPolicy: 'Never', securityContext: { runAsNonRoot: true, runAsUser: 1000 } });
    const [container] = pod.containers as [PodSpec['containers'][number]];
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container.volumeMounts.map(({ name }) => name).toSorted()).toEqual(
      pod.volumes.map(({ name }) => name).toSorted(),
    );
    const mountOf = (name?: string) => container.volumeMounts.find((mount) => mount.name === name)?.mountPath ?? '?';
    const tokens = pod.volumes.find(({ projected }) => projected !== undefined);
    expect(tokens?.projected).toEqual({
      sources: [{ serviceAccountToken: { path: 'token', audience: `https://${HOST}`, expirationSeconds: 3600 } }],
    });
    const scratch = mountOf(pod.volumes.find(({ emptyDir }) => emptyDir !== undefined)?.name);
    expect(container.env.map(({ value }) => value).every((value) => value.startsWith(scratch))).toBe(true);
    expect(container.env.map(({ name }) => name)).toContain('REGISTRY_AUTH_FILE');
    expect(container.command).toEqual(['sh', '-ec']);
    const script = container.args.join('\n');
    const paths = [...script.matchAll(/(?<=\s)\/[\w/.-]+/g)].map(([path]) => path);
    expect(paths).toEqual([`${mountOf(tokens?.name)}/token`]);
    const ran = run(script.replaceAll(`${mountOf(tokens?.name)}/token`, join(place, 'token')));
    expect(ran).toEqual({
      status: 0,
      read: TOKEN,
      lines: [
        expect.stringMatching(LOGIN),
        `skopeo copy docker://docker.io/library/alpine:3 docker://${HOST}/team/app:latest`,
      ],
    });
  });
});
