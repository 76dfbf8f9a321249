import type { CommandVariant } from '@moorage/ui';
import type { RegistryPlace } from '../../shared/commands/image-commands.rules.ts';
import type { CiSystem } from './federation-draft.rules.ts';

interface Input {
  readonly place: RegistryPlace;
  readonly audience: string;
  /** Where the image goes: project and name. */
  readonly repository: string;
}

/** Complete pieces of a CI configuration: sign in with the job's own token, build, push. */
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
    '        run: |',
    '          curl -fsS -H "Authorization: Bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN" \\',
    `            "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=${encodeURIComponent(audience)}" \\`,
    `            | jq -r .value | docker login ${place.host} -u job --password-stdin`,
    `          docker push ${image}`,
  ].join('\n');
}

function gitlab({ place, audience, repository }: Input): string {
  const image = `"${place.host}/${repository}:$CI_COMMIT_SHORT_SHA"`;
  return [
    'image:',
    '  stage: build',
    '  image: docker:28',
    '  services:',
    '    - docker:28-dind',
    '  id_tokens:',
    '    REGISTRY_TOKEN:',
    `      aud: ${audience}`,
    '  script:',
    `    - printf '%s' "$REGISTRY_TOKEN" | docker login ${place.host} -u job --password-stdin`,
    `    - docker build -t ${image} .`,
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
    `          circleci run oidc get --claims '${JSON.stringify({ aud: audience })}' \\`,
    `            | docker login ${place.host} -u job --password-stdin`,
    `          docker push ${image}`,
    'workflows:',
    '  image:',
    '    jobs:',
    '      - image:',
    '          context: registry',
  ].join('\n');
}

function kubernetes({ place, audience, repository }: Input): string {
  const tls = place.insecure ? '--tls-verify=false ' : '';
  const image = `${place.host}/${repository}:latest`;
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: image-builder',
    'spec:',
    '  restartPolicy: Never',
    '  serviceAccountName: builder',
    '  containers:',
    '    - name: build',
    '      image: quay.io/buildah/stable',
    '      command: [sh, -ec]',
    '      args:',
    '        - |',
    `          buildah login ${tls}-u job --password-stdin ${place.host} < /var/run/registry/token`,
    `          buildah build -t ${image} /workspace`,
    `          buildah push ${tls}${image}`,
    '      volumeMounts:',
    '        - name: registry-token',
    '          mountPath: /var/run/registry',
    '          readOnly: true',
    '  volumes:',
    '    - name: registry-token',
    '      projected:',
    '        sources:',
    '          - serviceAccountToken:',
    '              path: token',
    `              audience: ${audience}`,
    '              expirationSeconds: 3600',
  ].join('\n');
}

function shell({ place, repository }: Input): string {
  return [
    '# JOB_TOKEN is the OpenID Connect token of the job.',
    `printf '%s' "$JOB_TOKEN" | docker login ${place.host} -u job --password-stdin`,
    `docker push ${place.host}/${repository}:latest`,
  ].join('\n');
}
