import type { z } from 'zod';
import { choice, directory, key, networks, origin, password, port, secretUrl, text } from './value.schema.ts';

/** One environment variable of the product, as the loader, the reference page and `.env.example` read it. */
export interface Variable<T = unknown> {
  readonly name: `MOORAGE_${string}`;
  /** One or two sentences for the reference page. */
  readonly description: string;
  readonly schema: z.ZodType<T, string>;
  /** Used when the variable is not set, written as a user would write it. */
  readonly default?: string;
  /** What happens without a value, when no constant describes it. */
  readonly unset?: string;
  /** Secrets may also be given as `NAME_FILE`, the path of a file that holds the value. */
  readonly secret?: true;
}

type WithDefault<T> = Variable<T> & { readonly default: string };

function required<T>(variable: WithDefault<T>): WithDefault<T> {
  return variable;
}

function optional<T>(variable: Variable<T> & { readonly unset: string }): Variable<T> {
  return variable;
}

/** Every environment variable of core and worker, by the name it has in the typed configuration. */
export const variables = {
  port: required({
    name: 'MOORAGE_PORT',
    description: 'TCP port of the registry, the API and the portal; 0 lets the system choose one.',
    schema: port,
    default: '8080',
  }),
  host: required({
    name: 'MOORAGE_HOST',
    description: 'Address to listen on. Use 0.0.0.0 to accept connections from other machines.',
    schema: text,
    default: '127.0.0.1',
  }),
  externalUrl: optional({
    name: 'MOORAGE_EXTERNAL_URL',
    description: 'Address under which clients reach Moorage; it appears in token challenges, links and commands.',
    schema: origin,
    unset: 'http:// with the host and port listened on',
  }),
  trustedProxies: optional({
    name: 'MOORAGE_TRUSTED_PROXIES',
    description:
      'Addresses or networks (CIDR) of reverse proxies, separated by commas, for example 10.0.0.0/8,fd00::/8. Only from them X-Forwarded-For and X-Forwarded-Proto are believed.',
    schema: networks,
    unset: 'forwarded headers are ignored: the address of a client is that of its connection',
  }),
  dataDir: required({
    name: 'MOORAGE_DATA_DIR',
    description: 'Directory of blobs, of the embedded PostgreSQL and of generated keys.',
    schema: directory,
    default: './data',
  }),
  role: required({
    name: 'MOORAGE_ROLE',
    description: 'Which processes this launch runs.',
    schema: choice('all', 'core', 'worker'),
    default: 'all',
  }),
  logLevel: required({
    name: 'MOORAGE_LOG_LEVEL',
    description: 'Least severe level that is logged: error, warn, info or debug.',
    schema: choice('error', 'warn', 'info', 'debug'),
    default: 'info',
  }),
  adminPassword: optional({
    name: 'MOORAGE_ADMIN_PASSWORD',
    description: 'Password of the first administrator, read only when the database holds no user yet.',
    schema: password(8),
    unset: 'a random one, printed once',
    secret: true,
  }),
  secretKey: optional({
    name: 'MOORAGE_SECRET_KEY',
    description:
      'Key that encrypts stored credentials: 32 bytes in hex or base64. Processes that share a database must share it.',
    schema: key,
    unset: 'a generated one, kept in the file secret-key of the data directory',
    secret: true,
  }),
  databaseUrl: optional({
    name: 'MOORAGE_DATABASE_URL',
    description: 'PostgreSQL (15 or later) to use, for example postgresql://user:password@host:5432/moorage.',
    schema: secretUrl('postgresql', 'postgres'),
    unset: 'the embedded PostgreSQL in the data directory',
    secret: true,
  }),
  redisUrl: optional({
    name: 'MOORAGE_REDIS_URL',
    description: 'Redis (6.2 or later) for queues and caches, for example redis://host:6379.',
    schema: secretUrl('redis', 'rediss'),
    unset: 'PostgreSQL does that work',
    secret: true,
  }),
  egressAllow: optional({
    name: 'MOORAGE_EGRESS_ALLOW',
    description:
      'Hosts and networks outgoing connections may reach although their address is private, for example idp.corp.example, 10.1.0.0/16:443. Adds to the setting egress_allow.',
    schema: text,
    unset: 'public addresses only',
  }),
  egressDeny: optional({
    name: 'MOORAGE_EGRESS_DENY',
    description: 'Hosts and networks outgoing connections never reach. Adds to the setting egress_deny.',
    schema: text,
    unset: 'none',
  }),
  egressProxy: optional({
    name: 'MOORAGE_EGRESS_PROXY',
    description: 'Proxy that carries outgoing HTTP, for example http://user:password@proxy.example.com:3128.',
    schema: secretUrl('http', 'https'),
    unset: 'connections are direct',
    secret: true,
  }),
  egressNoProxy: optional({
    name: 'MOORAGE_EGRESS_NO_PROXY',
    description: 'Hosts and networks that are called directly, past the proxy.',
    schema: text,
    unset: 'none',
  }),
} as const;
