import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Attribute, Change, Client } from 'ldapts';
import { freePort } from '../free-port.ts';
import { programPath } from '../program/programs.ts';
import { createTempDirectory } from '../temp-directory.ts';

const SUFFIX = 'dc=example,dc=org';
const ROOT_DN = `cn=admin,${SUFFIX}`;
const ROOT_PASSWORD = 'Directory-Adm1n';

/** Password of every user {@link Slapd.addUser} makes. */
export const SLAPD_USER_PASSWORD = 'Direct0ry-Passw0rd';

/** A real OpenLDAP server on 127.0.0.1 with `ou=people` and `ou=groups` below `dc=example,dc=org`. */
export interface Slapd {
  readonly port: number;
  readonly tlsPort: number;
  readonly suffix: string;
  /** May read everything. */
  readonly searchDn: string;
  readonly searchPassword: string;
  /** The authority that signed the certificate for 127.0.0.1; empty without openssl. */
  readonly caPem: string;
  /** Adds `uid=<name>,ou=people`; returns its DN. */
  addUser(name: string, attributes?: Readonly<Record<string, string>>): Promise<string>;
  /** Adds `cn=<name>,ou=groups` (groupOfNames) with these members; returns its DN. */
  addGroup(name: string, members: readonly string[]): Promise<string>;
  /** Puts an entry into a group, or takes it out. */
  changeMember(operation: 'add' | 'delete', group: string, member: string): Promise<void>;
  /** A connection bound as the administrator, for whatever else; the caller unbinds it. */
  connect(): Promise<Client>;
  /** Kills the process; the data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same ports. */
  start(): Promise<void>;
  /** Kills it and removes its data. */
  stop(): Promise<void>;
}

/** Starts slapd. `allowsUnauthenticatedBind` makes it answer a bind without password with success, as some servers do. */
export async function startSlapd(options: { allowsUnauthenticatedBind?: boolean } = {}): Promise<Slapd> {
  const folder = createTempDirectory('slapd');
  const [port, tlsPort] = [await freePort(), await freePort()];
  const caPem = certify(folder.path);
  writeFileSync(join(folder.path, 'slapd.conf'), configuration(folder.path, caPem !== '', options));
  mkdirSync(join(folder.path, 'data'));
  let child: ChildProcess | null = null;
  const start = async () => {
    const urls = `ldap://127.0.0.1:${port}${caPem === '' ? '' : ` ldaps://127.0.0.1:${tlsPort}`}`;
    const args = ['-d', '0', '-h', urls, '-f', join(folder.path, 'slapd.conf')];
    child = spawn(programPath('slapd') ?? 'slapd', args, { stdio: 'ignore' });
    await untilAnswers(port, child);
  };
  const kill = async () => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const connect = async () => {
    const client = new Client({ url: `ldap://127.0.0.1:${port}`, timeout: 60_000 });
    await client.bind(ROOT_DN, ROOT_PASSWORD);
    return client;
  };
  const withClient = async (work: (client: Client) => Promise<void>) => {
    const client = await connect();
    try {
      await work(client);
    } finally {
      await client.unbind();
    }
  };
  const add = async (dn: string, attributes: Record<string, string | string[]>) => {
    await withClient((client) => client.add(dn, attributes));
    return dn;
  };
  await start();
  await add(SUFFIX, { objectClass: ['dcObject', 'organization'], dc: 'example', o: 'Example' });
  for (const ou of ['people', 'groups']) await add(`ou=${ou},${SUFFIX}`, { objectClass: 'organizationalUnit', ou });
  return {
    port,
    tlsPort,
    suffix: SUFFIX,
    searchDn: ROOT_DN,
    searchPassword: ROOT_PASSWORD,
    caPem,
    addUser: (name, attributes = {}) =>
      add(`uid=${name},ou=people,${SUFFIX}`, {
        objectClass: ['inetOrgPerson', 'accountFlags'],
        uid: name,
        cn: name,
        sn: name,
        mail: `${name}@example.org`,
        userPassword: SLAPD_USER_PASSWORD,
        ...attributes,
      }),
    addGroup: (name, members) =>
      add(`cn=${name},ou=groups,${SUFFIX}`, { objectClass: 'groupOfNames', cn: name, member: [...members] }),
    changeMember: (operation, group, member) => {
      const modification = new Attribute({ type: 'member', values: [member] });
      return withClient((client) => client.modify(group, new Change({ operation, modification })));
    },
    connect,
    kill,
    start,
    stop: async () => {
      await kill();
      folder.remove();
    },
  };
}

async function untilAnswers(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 1_200 && child.exitCode === null; attempt++) {
    const client = new Client({ url: `ldap://127.0.0.1:${port}`, connectTimeout: 5_000, timeout: 5_000 });
    try {
      await client.bind('', '');
      await client.unbind();
      return;
    } catch {
      await sleep(50);
    }
  }
  throw new Error('slapd does not answer');
}

/** A certificate authority and a certificate for 127.0.0.1 signed by it. */
function certify(folder: string): string {
  const openssl = programPath('openssl');
  if (openssl === null) return '';
  const at = (name: string) => join(folder, name);
  const run = (args: readonly string[]) => {
    const { status, stderr } = spawnSync(openssl, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', '/CN=directory', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  run([
    'req',
    '-x509',
    ...key,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
  ]);
  run(['req', ...key, '-keyout', at('server.key'), '-out', at('server.csr'), ...names]);
  const signing = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-days', '2', '-copy_extensions', 'copy'];
  run(['x509', '-req', '-in', at('server.csr'), '-out', at('server.pem'), ...signing]);
  return readFileSync(at('ca.pem'), 'utf8');
}

function configuration(folder: string, hasTls: boolean, options: { allowsUnauthenticatedBind?: boolean }): string {
  const tls = hasTls
    ? `TLSCACertificateFile ${folder}/ca.pem
TLSCertificateFile ${folder}/server.pem
TLSCertificateKeyFile ${folder}/server.key`
    : '';
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
objectclass ( 2.25.1 NAME 'accountFlags' SUP top AUXILIARY MAY userAccountControl )
${options.allowsUnauthenticatedBind ? 'allow bind_anon_cred bind_anon_dn' : ''}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/slapd.pid
argsfile ${folder}/slapd.args
${tls}
database mdb
suffix "${SUFFIX}"
rootdn "${ROOT_DN}"
rootpw ${ROOT_PASSWORD}
directory ${folder}/data
dbnosync
index objectClass,uid,cn,entryUUID,member eq
overlay memberof
memberof-dangling ignore
`;
}
