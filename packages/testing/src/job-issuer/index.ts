export { CIRCLECI_CLAIMS, GITHUB_CLAIMS, GITLAB_CLAIMS, type JobClaims, KUBERNETES_CLAIMS } from './job-claims.ts';
export { type JobIssuer, startJobIssuer, type TokenForm } from './job-issuer.ts';
