import type { CommandVariant } from '@moorage/ui';
import { type RegistryPlace, shellQuote } from '../../shared/commands/image-commands.rules.ts';
import type { CiSystem } from './federation-draft.rules.ts';

interface Input {
  readonly place: RegistryPlace;
  readonly audience: string;
  /** Where the image goes: project and name. */
  readonly repository: string;
  /** What the rule asks of `sub`, if it does: names the Kubernetes service account. */
  readonly subject?: string | undefined;
}

/** Complete CI configurations, to paste as they are: sign in with the job's own token, and push. */
export function ciSnippets(input: Input): readonly (CommandVariant & { readonly id: CiSystem })[] {
  return [
    { id: 'github', label: 'GitHub Actions', code: github(input) },
    { id: 'gitlab', label: 'GitLab CI', code: gitlab(input) },
    { id: 'circleci', label: 'CircleCI', code: circleci(input) },
    { id: 'kubernetes', label: 'Kubernetes', code: kubernetes(input) },
    { id: 'other', label: 'Shell', code: shell(input) },
  ];
}

function github({ place, audience, repository }: Input): string {
  const image = `${place.host}/${repository}:\${{ github.sha }}`;
  return [
    'name: Image',
    'on:',
    '  push:',
    '    branches: [main]',
    "    tags: ['v*']",
    'permissions:',
    '  contents: read',
    '  id-token: write',
    'jobs:',
    '  image:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v5',
    '      - name: Build',
    `        run: docker build -t ${image} .`,
    '      - name: Sign in with the token of this job, and push',
    // Named, it runs with pipefail: a token that was not given ends the step.
    '        shell: bash',
    '        run: |',
    '          curl -fsS -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\',
    `            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${encodeURIComponent(audience)}" \\`,
    `            | jq -er .value | docker login ${place.host} -u job --password-stdin`,
    `          docker push ${image}`,
  ].join('\n');
}

function gitlab({ place, audience, repository }: Input): string {
  const image = `"${place.host}/${repository}:$CI_COMMIT_SHORT_SHA"`;
  return [
    // Not `image`: GitLab keeps that word for itself.
    'push-image:',
    '  stage: build',
    '  image: docker:28',
    '  services:',
    '    - name: docker:28-dind',
    ...(place.insecure ? [`      command: ['--insecure-registry=${place.host}']`] : []),
    '  variables:',
    '    DOCKER_TLS_CERTDIR: /certs',
    '  id_tokens:',
    '    REGISTRY_TOKEN:',
    `      aud: ${yamlText(audience)}`,
    '  rules:',
    `    - if: $CI_COMMIT_REF_PROTECTED == "true"`,
    '  script:',
    `    - docker build -t ${image} .`,
    `    - printf '%s' "$REGISTRY_TOKEN" | docker login ${place.host} -u job --password-stdin`,
    `    - docker push ${image}`,
  ].join('\n');
}

function circleci({ place, audience, repository }: Input): string {
  const image = `"${place.host}/${repository}:$CIRCLE_SHA1"`;
  return [
    'version: 2.1',
    'jobs:',
    '  image:',
    '    docker:',
    '      - image: cimg/base:current',
    '    steps:',
    '      - checkout',
    '      - setup_remote_docker',
    '      - run: |',
    `          docker build -t ${image} .`,
    `          ${circleciToken(audience)} \\`,
    `            | docker login ${place.host} -u job --password-stdin`,
    `          docker push ${image}`,
    'workflows:',
    '  image:',
    '    jobs:',
    '      - image:',
    '          filters:',
    '            branches:',
    '              only: main',
  ].join('\n');
}

/** Every job has a token for its organization, whose id is a UUID; for any other audience it has to ask. */
function circleciToken(audience: string): string {
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(audience)) return `printf '%s' "$CIRCLE_OIDC_TOKEN_V2"`;
  return `circleci run oidc get --claims ${shellQuote(JSON.stringify({ aud: audience }))}`;
}

function kubernetes(input: Input): string {
  const [namespace, account] = serviceAccountOf(input.subject);
  return [
    'apiVersion: v1',
    'kind: Namespace',
    'metadata:',
    `  name: ${namespace}`,
    '---',
    'apiVersion: v1',
    'kind: ServiceAccount',
    'metadata:',
    `  name: ${account}`,
    `  namespace: ${namespace}`,
    '---',
    'apiVersion: batch/v1',
    'kind: Job',
    'metadata:',
    '  name: push-image',
    `  namespace: ${namespace}`,
    'spec:',
    '  backoffLimit: 0',
    '  template:',
    '    spec:',
    ...pushingPod(input, account).map((line) => `      ${line}`),
  ].join('\n');
}

/** Copies a public image: that needs neither root nor a daemon, and runs under the restricted pod security standard. */
function pushingPod({ place, audience, repository }: Input, account: string): string[] {
  const [login, copy] = place.insecure ? ['--tls-verify=false ', '--dest-tls-verify=false '] : ['', ''];
  return [
    'restartPolicy: Never',
    `serviceAccountName: ${account}`,
    'automountServiceAccountToken: false',
    'securityContext:',
    '  runAsNonRoot: true',
    '  runAsUser: 1000',
    '  fsGroup: 1000',
    '  seccompProfile:',
    '    type: RuntimeDefault',
    'containers:',
    '  - name: push',
    '    image: quay.io/skopeo/stable:latest',
    '    command: [sh, -ec]',
    '    args:',
    '      - |',
    `        skopeo login ${login}-u job --password-stdin ${place.host} < /var/run/registry/token`,
    `        skopeo copy ${copy}docker://docker.io/library/alpine:3 docker://${place.host}/${repository}:latest`,
    '    env:',
    '      - name: HOME',
    '        value: /scratch',
    '      - name: TMPDIR',
    '        value: /scratch',
    '      - name: REGISTRY_AUTH_FILE',
    '        value: /scratch/auth.json',
    '    securityContext:',
    '      allowPrivilegeEscalation: false',
    '      readOnlyRootFilesystem: true',
    '      capabilities:',
    '        drop: [ALL]',
    '    volumeMounts:',
    '      - name: registry-token',
    '        mountPath: /var/run/registry',
    '        readOnly: true',
    '      - name: work',
    '        mountPath: /scratch',
    'volumes:',
    '  - name: work',
    '    emptyDir: {}',
    '  - name: registry-token',
    '    projected:',
    '      sources:',
    '        - serviceAccountToken:',
    '            path: token',
    `            audience: ${yamlText(audience)}`,
    '            expirationSeconds: 3600',
  ];
}

/** Namespace and name, as the subject of a service account's token writes them. */
function serviceAccountOf(subject: string | undefined): readonly [namespace: string, name: string] {
  const [, namespace, name] = /^system:serviceaccount:([a-z\d-]+):([a-z\d.-]+)$/.exec(subject ?? '') ?? [];
  return [yamlText(namespace ?? 'ci'), yamlText(name ?? 'builder')];
}

/** Text as a YAML value: quoted unless it can only be read as text. */
function yamlText(text: string): string {
  const plain = /^[a-z][\w./:@-]*[\w/]$/i.test(text) && !/^(?:true|false|null|yes|no|on|off)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}

function shell({ place, repository }: Input): string {
  return [
    '# JOB_TOKEN is the OpenID Connect token of the job.',
    `printf '%s' "$JOB_TOKEN" | docker login ${place.host} -u job --password-stdin`,
    `docker push ${place.host}/${repository}:latest`,
  ].join('\n');
}
