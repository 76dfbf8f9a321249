/**
 * The rooms by level, lowest first. A room imports downwards, or sideways while the room graph stays without cycles;
 * what a lower room must tell a higher one is a domain event. Moving a room needs a decision record.
 */
export const LEVELS: readonly { readonly name: string; readonly rooms: readonly string[] }[] = [
  {
    name: 'platform',
    rooms: [
      'platform',
      'clock',
      'settings',
      'audit',
      'outbox',
      'egress',
      'http',
      'secret',
      'throttle',
      'pattern',
      'execution',
    ],
  },
  {
    name: 'identity',
    rooms: [
      'password',
      'user',
      'group',
      'identity-source',
      'source-login',
      'auth-proxy',
      'robot',
      'robot-expiry',
      'session',
      'token',
      'token-key',
      'personal-token',
      'second-factor',
      'oidc-provider',
      'oidc',
      'cli-secret',
      'id-token',
      'ldap',
      'federation',
      'login',
      'portal-login',
      'authority',
    ],
  },
  {
    name: 'catalog',
    rooms: [
      'project',
      'member',
      'access',
      'usage',
      'reachability',
      'upload',
      'content',
      'registry',
      'pull',
      'repository',
      'icon',
      'artifact',
      'artifact-content',
      'artifact-copy',
      'artifact-insight',
      'label',
      'artifact-label',
      'tag-history',
    ],
  },
  {
    name: 'policy',
    rooms: [
      'quota',
      'immutability',
      'retention-rule',
      'retention',
      'restoration',
      'trash',
      'removal',
      'garbage-collection',
      'storage-check',
      'scan',
      'signature',
      'proxy-cache',
      'replication',
      'webhook',
      'preheat',
    ],
  },
  {
    name: 'views',
    rooms: [
      'checklist',
      'configuration',
      'search',
      'statistics',
      'event',
      'security-hub',
      'job-monitor',
      'system-info',
      'metrics',
    ],
  },
];

/** The number of a room's level, or undefined for a room that is not in the table. */
export function levelOf(room: string): number | undefined {
  const level = LEVELS.findIndex(({ rooms }) => rooms.includes(room));
  return level < 0 ? undefined : level;
}
