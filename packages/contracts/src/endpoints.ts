import * as access from './access/access.api.ts';
import * as artifact from './artifact/artifact.api.ts';
import * as artifactInsight from './artifact-insight/artifact-insight.api.ts';
import * as artifactCopy from './artifact-copy/artifact-copy.api.ts';
import * as content from './artifact/content.api.ts';
import * as tag from './artifact/tag.api.ts';
import * as audit from './audit/audit.api.ts';
import * as cliSecret from './cli-secret/cli-secret.api.ts';
import * as configuration from './configuration/configuration.api.ts';
import * as egress from './egress/egress.api.ts';
import * as event from './event/event.api.ts';
import * as garbageCollection from './garbage-collection/garbage-collection.api.ts';
import * as group from './group/group.api.ts';
import * as icon from './icon/icon.api.ts';
import * as immutability from './immutability/immutability.api.ts';
import * as bulkLabel from './label/bulk-label.api.ts';
import * as label from './label/label.api.ts';
import * as identitySource from './identity-source/identity-source.api.ts';
import * as federation from './federation/federation.api.ts';
import * as ldap from './ldap/ldap.api.ts';
import * as execution from './job-monitor/execution.api.ts';
import * as jobMonitor from './job-monitor/job-monitor.api.ts';
import * as member from './member/member.api.ts';
import * as metrics from './metrics/metrics.api.ts';
import * as oidc from './oidc/oidc.api.ts';
import * as permission from './permission/permission.api.ts';
import * as personalToken from './personal-token/personal-token.api.ts';
import * as project from './project/project.api.ts';
import * as quota from './quota/quota.api.ts';
import * as repository from './repository/repository.api.ts';
import * as retention from './retention/retention.api.ts';
import * as retentionPolicy from './retention/retention-policy.api.ts';
import * as robot from './robot/robot.api.ts';
import * as search from './search/search.api.ts';
import * as secondFactor from './second-factor/second-factor.api.ts';
import * as ownSession from './session/own-session.api.ts';
import * as session from './session/session.api.ts';
import * as statistics from './statistics/statistics.api.ts';
import * as tagHistory from './tag-history/tag-history.api.ts';
import * as storageCheck from './storage-check/storage-check.api.ts';
import * as systemInfo from './system-info/system-info.api.ts';
import * as tokenKey from './token-key/token-key.api.ts';
import * as token from './token/token.api.ts';
import * as projectTrash from './trash/project-trash.api.ts';
import * as removal from './removal/removal.api.ts';
import * as trash from './trash/trash.api.ts';
import * as user from './user/user.api.ts';
import type { Endpoint } from './wire/endpoint.ts';

const ROOMS: readonly Readonly<Record<string, unknown>>[] = [
  session,
  token,
  tokenKey,
  user,
  cliSecret,
  personalToken,
  group,
  ldap,
  secondFactor,
  ownSession,
  robot,
  federation,
  access,
  permission,
  project,
  member,
  repository,
  artifact,
  tag,
  tagHistory,
  artifactCopy,
  icon,
  artifactInsight,
  content,
  label,
  bulkLabel,
  immutability,
  retention,
  retentionPolicy,
  projectTrash,
  removal,
  trash,
  quota,
  garbageCollection,
  storageCheck,
  execution,
  jobMonitor,
  configuration,
  identitySource,
  oidc,
  audit,
  egress,
  event,
  search,
  statistics,
  systemInfo,
  metrics,
];

/** Every operation of the wire, in the order of the rooms; for the reference, the route table test and drift checks. */
export const ENDPOINTS: readonly Endpoint[] = ROOMS.flatMap((room) => Object.values(room).filter(isEndpoint));

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'access' in value && 'method' in value;
}
