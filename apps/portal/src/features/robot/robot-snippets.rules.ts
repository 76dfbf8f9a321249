import type { CommandVariant } from '@moorage/ui';
import { type RegistryPlace, shellQuote } from '../../shared/commands/image-commands.rules.ts';

export interface Snippet extends CommandVariant {
  /** Which note belongs beside it: where the name and secret must be stored first. */
  readonly needs?: 'github' | 'gitlab' | 'jenkins';
}

interface Input {
  readonly place: RegistryPlace;
  readonly robot: string;
  readonly project: string | null;
  /** Null where it is not known: clients ask for it. */
  readonly secret: string | null;
}

/** Ways to use a robot, each complete when pasted. CI systems take name and secret from their own stores. */
export function robotSnippets(input: Input): Snippet[] {
  const image = `${input.place.host}/${input.project ?? 'my-project'}/my-app`;
  return [
    { id: 'docker', label: 'Docker', code: login('docker', '', input) },
    {
      id: 'podman',
      label: 'Podman',
      code: login('podman', input.place.insecure ? ' --tls-verify=false' : '', input),
    },
    { id: 'github', label: 'GitHub Actions', code: githubActions(input.place.host, image), needs: 'github' },
    { id: 'gitlab', label: 'GitLab CI', code: gitlabCi(input.place.host, image), needs: 'gitlab' },
    { id: 'kubernetes', label: 'Kubernetes', code: kubernetes(input) },
    { id: 'jenkins', label: 'Jenkins', code: jenkins(input.place.host, image), needs: 'jenkins' },
  ];
}

function login(client: string, flags: string, input: Input): string {
  const target = `${client} login${flags} ${input.place.host} -u ${shellQuote(input.robot)}`;
  return input.secret === null ? target : `printf '%s' ${shellQuote(input.secret)} | ${target} --password-stdin`;
}

function kubernetes(input: Input): string {
  const password = input.secret === null ? '"$MOORAGE_PASSWORD"' : shellQuote(input.secret);
  return [
    'kubectl create secret docker-registry moorage \\',
    `  --docker-server=${input.place.host} \\`,
    `  --docker-username=${shellQuote(input.robot)} \\`,
    `  --docker-password=${password}`,
    `kubectl patch serviceaccount default -p '{"imagePullSecrets":[{"name":"moorage"}]}'`,
  ].join('\n');
}

function githubActions(host: string, image: string): string {
  return [
    'jobs:',
    '  image:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - uses: docker/login-action@v3',
    '        with:',
    `          registry: ${host}`,
    '          username: ${{ secrets.MOORAGE_USERNAME }}',
    '          password: ${{ secrets.MOORAGE_PASSWORD }}',
    '      - uses: docker/build-push-action@v6',
    '        with:',
    '          push: true',
    `          tags: ${image}:\${{ github.sha }}`,
  ].join('\n');
}

function gitlabCi(host: string, image: string): string {
  return [
    'image:',
    '  stage: build',
    '  image: docker:27',
    '  services:',
    '    - docker:27-dind',
    '  script:',
    `    - printf '%s' "$MOORAGE_PASSWORD" | docker login ${host} -u "$MOORAGE_USERNAME" --password-stdin`,
    `    - docker build -t "${image}:$CI_COMMIT_SHORT_SHA" .`,
    `    - docker push "${image}:$CI_COMMIT_SHORT_SHA"`,
  ].join('\n');
}

function jenkins(host: string, image: string): string {
  return [
    'pipeline {',
    '  agent any',
    '  stages {',
    "    stage('image') {",
    '      steps {',
    '        withCredentials([usernamePassword(',
    "          credentialsId: 'moorage',",
    "          usernameVariable: 'MOORAGE_USERNAME',",
    "          passwordVariable: 'MOORAGE_PASSWORD'",
    '        )]) {',
    "          sh '''",
    `            printf '%s' "$MOORAGE_PASSWORD" | docker login ${host} -u "$MOORAGE_USERNAME" --password-stdin`,
    `            docker build -t ${image}:"$BUILD_NUMBER" .`,
    `            docker push ${image}:"$BUILD_NUMBER"`,
    "          '''",
    '        }',
    '      }',
    '    }',
    '  }',
    '}',
  ].join('\n');
}
