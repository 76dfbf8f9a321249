import type { FederationCondition } from './federation.schema.ts';

/** What is known of a kind of issuer: the start of a rule for it. */
export interface FederationPreset {
  readonly id: 'github' | 'gitlab' | 'circleci' | 'kubernetes';
  /** Empty or with `<…>` where it differs from installation to installation. */
  readonly issuer: string;
  /** Claims its tokens carry that tell jobs apart, the most useful first. */
  readonly claims: readonly string[];
  /** Conditions to start from; `<…>` stands for what the person fills in. */
  readonly conditions: readonly FederationCondition[];
}

/** The issuers wizards know. Every other OpenID Connect issuer of signed tokens works alike. */
export const FEDERATION_PRESETS: readonly FederationPreset[] = [
  {
    id: 'github',
    issuer: 'https://token.actions.githubusercontent.com',
    claims: [
      'repository',
      'ref',
      'environment',
      'repository_owner',
      'repository_id',
      'workflow_ref',
      'job_workflow_ref',
      'event_name',
      'ref_type',
      'actor',
      'runner_environment',
      'sub',
    ],
    conditions: [
      { claim: 'repository', match: 'equals', values: ['<owner>/<repository>'] },
      { claim: 'ref', match: 'glob', values: ['refs/heads/main', 'refs/tags/v*'] },
    ],
  },
  {
    id: 'gitlab',
    issuer: 'https://gitlab.com',
    claims: [
      'project_path',
      'ref',
      'ref_type',
      'ref_protected',
      'environment',
      'namespace_path',
      'project_id',
      'pipeline_source',
      'user_login',
      'sub',
    ],
    conditions: [
      { claim: 'project_path', match: 'equals', values: ['<group>/<project>'] },
      { claim: 'ref_protected', match: 'equals', values: ['true'] },
    ],
  },
  {
    id: 'circleci',
    issuer: 'https://oidc.circleci.com/org/<organization id>',
    claims: ['oidc.circleci.com/project-id', 'oidc.circleci.com/vcs-origin', 'oidc.circleci.com/vcs-ref', 'sub'],
    conditions: [
      { claim: 'oidc.circleci.com/project-id', match: 'equals', values: ['<project id>'] },
      { claim: 'oidc.circleci.com/vcs-ref', match: 'equals', values: ['refs/heads/main'] },
    ],
  },
  {
    id: 'kubernetes',
    issuer: 'https://kubernetes.default.svc.cluster.local',
    claims: ['kubernetes.io/namespace', 'kubernetes.io/serviceaccount/name', 'sub'],
    conditions: [{ claim: 'sub', match: 'equals', values: ['system:serviceaccount:<namespace>:<service account>'] }],
  },
];
