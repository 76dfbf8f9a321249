/** Claims in the shape of a kind of issuer, without `iss`, `aud` and times, which the issuer adds. */
export type JobClaims = Readonly<Record<string, unknown>>;

/** As GitHub Actions gives them to a run on the main branch of acme/app, in its environment production. */
export const GITHUB_CLAIMS: JobClaims = {
  jti: '6f4762ed-0758-4ccb-808d-ee3af5d723a8',
  sub: 'repo:acme/app:environment:production',
  environment: 'production',
  ref: 'refs/heads/main',
  sha: '0123456789abcdef0123456789abcdef01234567',
  repository: 'acme/app',
  repository_owner: 'acme',
  actor_id: '12',
  repository_visibility: 'private',
  repository_id: '74',
  repository_owner_id: '65',
  run_id: '9876543210',
  run_number: '10',
  run_attempt: '2',
  runner_environment: 'github-hosted',
  actor: 'ada',
  workflow: 'release',
  head_ref: '',
  base_ref: '',
  event_name: 'push',
  ref_type: 'branch',
  ref_protected: 'true',
  workflow_ref: 'acme/app/.github/workflows/release.yml@refs/heads/main',
  job_workflow_ref: 'acme/shared/.github/workflows/build.yml@refs/heads/main',
};

/** As GitLab gives them to a job on a protected tag of acme/platform/app. */
export const GITLAB_CLAIMS: JobClaims = {
  namespace_id: '72',
  namespace_path: 'acme/platform',
  project_id: '20',
  project_path: 'acme/platform/app',
  user_id: '1',
  user_login: 'ada',
  user_email: 'ada@example.com',
  pipeline_id: '574',
  pipeline_source: 'push',
  job_id: '302',
  ref: 'v1.4.0',
  ref_type: 'tag',
  ref_path: 'refs/tags/v1.4.0',
  ref_protected: 'true',
  groups_direct: ['acme/platform', 'acme/release'],
  environment: 'production',
  environment_protected: 'true',
  runner_id: 1,
  runner_environment: 'self-hosted',
  sha: '0123456789abcdef0123456789abcdef01234567',
  sub: 'project_path:acme/platform/app:ref_type:tag:ref:v1.4.0',
  jti: '235b3a54-b797-45c7-ae9a-f72d7bc6ef5b',
};

/** As CircleCI gives them to a job of one project of an organization. */
export const CIRCLECI_CLAIMS: JobClaims = {
  sub: 'org/11111111-1111-4111-8111-111111111111/project/22222222-2222-4222-8222-222222222222/user/33333333-3333-4333-8333-333333333333',
  'oidc.circleci.com/context-ids': ['44444444-4444-4444-8444-444444444444'],
  'oidc.circleci.com/project-id': '22222222-2222-4222-8222-222222222222',
  'oidc.circleci.com/vcs-origin': 'github.com/acme/app',
  'oidc.circleci.com/vcs-ref': 'refs/heads/main',
  'oidc.circleci.com/ssh-rerun': false,
};

/** As a Kubernetes cluster gives them to a pod of the service account builder in the namespace ci. */
export const KUBERNETES_CLAIMS: JobClaims = {
  jti: 'b7a7e5a0-6a0a-4a52-8d40-0d8a51e5b111',
  'kubernetes.io': {
    namespace: 'ci',
    node: { name: 'node-1', uid: 'f0b1c9a4-2c1b-4a3e-9d0e-5a52d6e8b222' },
    pod: { name: 'build-7d9c', uid: 'c1a2b3c4-5d6e-4f70-8a9b-0c1d2e3f4a5b' },
    serviceaccount: { name: 'builder', uid: '0a1b2c3d-4e5f-4a6b-8c7d-8e9f0a1b2c3d' },
    warnafter: 1_763_719_607,
  },
  sub: 'system:serviceaccount:ci:builder',
};
