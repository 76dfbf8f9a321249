import { type Slapd, SLAPD_USER_PASSWORD } from '@moorage/testing';
import { PROJECT } from '../registry/contender.ts';
import type { RunningProduct } from '../registry/moorage.ts';

/** Somebody who asks for tokens. */
export interface Asker {
  readonly name: string;
  readonly secret: string;
}

export interface Askers {
  readonly robots: readonly Asker[];
  readonly personalTokens: readonly Asker[];
  /** Local accounts that have not signed in yet. */
  readonly local: readonly Asker[];
  /** Users of the directory, unknown to the product so far; empty without a directory. */
  readonly directory: readonly Asker[];
}

const ROBOTS = 200;
const TOKEN_OWNERS = 50;
const TOKENS_EACH = 4;
const LOCAL_USERS = 400;
const DIRECTORY_USERS = 600;
const DIRECTORY_GROUPS = 20;
/** Every user is in a quarter of the groups. */
const GROUP_STEP = 4;
const PASSWORD = 'Bench-Passw0rd';
const SIDE_BY_SIDE = 4;
const DEVELOPER = 2;
const LDAP_GROUP = 1;

/** Makes everybody as an administrator would. Local accounts and users of the directory have not signed in afterwards. */
export async function makeAskers(product: RunningProduct, slapd: Slapd | null): Promise<Askers> {
  await expectStatus(product, 'PUT', `/projects/${PROJECT}`, { metadata: { public: 'true' } });
  return {
    robots: await inTurn(ROBOTS, (number) => makeRobot(product, `bench-${number}`)),
    personalTokens: (await inTurn(TOKEN_OWNERS, (number) => makeTokens(product, `owner-${number}`))).flat(),
    local: await inTurn(LOCAL_USERS, (number) => makeUser(product, `local-${number}`)),
    directory: slapd ? await useDirectory(product, slapd) : [],
  };
}

async function makeRobot(product: RunningProduct, name: string): Promise<Asker> {
  const access = ['pull', 'push'].map((action) => ({ resource: 'repository', action }));
  const permissions = [{ kind: 'project', namespace: PROJECT, access }];
  const body = await expectStatus(product, 'POST', '/robots', { name, level: 'system', duration: -1, permissions });
  return JSON.parse(body) as Asker;
}

async function makeUser(product: RunningProduct, username: string): Promise<Asker> {
  const email = `${username}@bench.example`;
  await expectStatus(product, 'POST', '/users', { username, email, realname: username, password: PASSWORD });
  return { name: username, secret: PASSWORD };
}

async function makeTokens(product: RunningProduct, username: string): Promise<readonly Asker[]> {
  const { name, secret } = await makeUser(product, username);
  const authorization = basic({ name, secret });
  const made: Asker[] = [];
  for (let number = 0; number < TOKENS_EACH; number++) {
    const answer = await fetch(new URL('/api/v2.0/users/current/tokens', product.origin), {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ name: `token ${number}` }),
    });
    const text = await answer.text();
    if (answer.status !== 201) throw new Error(`POST /users/current/tokens answered ${answer.status}: ${text}`);
    made.push({ name, secret: (JSON.parse(text) as { token: string }).token });
  }
  return made;
}

/** Fills the directory, sets it up as a source of accounts, and gives some of its groups a role. */
async function useDirectory(product: RunningProduct, slapd: Slapd): Promise<readonly Asker[]> {
  const users = Array.from({ length: DIRECTORY_USERS }, (_, number) => `person-${number}`);
  const groups = Array.from({ length: DIRECTORY_GROUPS }, (_, number) => `cn=team-${number},ou=groups,${slapd.suffix}`);
  const dnOf = (name: string) => `uid=${name},ou=people,${slapd.suffix}`;
  const client = await slapd.connect();
  for (const uid of users) {
    const mail = `${uid}@bench.example`;
    const facts = { uid, cn: uid, sn: uid, mail, userPassword: SLAPD_USER_PASSWORD };
    await client.add(dnOf(uid), { objectClass: 'inetOrgPerson', ...facts });
  }
  for (const [number, dn] of groups.entries()) {
    const member = users.filter((_, at) => at % GROUP_STEP === number % GROUP_STEP).map(dnOf);
    await client.add(dn, { objectClass: 'groupOfNames', cn: `team-${number}`, member });
  }
  await client.unbind();
  await expectStatus(product, 'POST', '/identity-sources', {
    kind: 'ldap',
    name: 'bench',
    ldap: {
      url: `ldap://127.0.0.1:${slapd.port}`,
      search_dn: slapd.searchDn,
      search_password: slapd.searchPassword,
      base_dn: `ou=people,${slapd.suffix}`,
      uid: 'uid',
      group_base_dn: `ou=groups,${slapd.suffix}`,
      group_nesting: 'walk',
    },
  });
  for (const ldap_group_dn of groups.slice(0, GROUP_STEP)) {
    const member_group = { group_type: LDAP_GROUP, ldap_group_dn };
    await expectStatus(product, 'POST', `/projects/${PROJECT}/members`, { role_id: DEVELOPER, member_group });
  }
  return users.map((name) => ({ name, secret: SLAPD_USER_PASSWORD }));
}

/** The value of an Authorization header. */
export function basic({ name, secret }: Asker): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

async function expectStatus(product: RunningProduct, method: string, path: string, body: object): Promise<string> {
  const answer = await product.api(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body}`);
  return answer.body;
}

async function inTurn<T>(count: number, make: (number: number) => Promise<T>): Promise<readonly T[]> {
  const made: T[] = [];
  for (let first = 0; first < count; first += SIDE_BY_SIDE) {
    const batch = Array.from({ length: Math.min(SIDE_BY_SIDE, count - first) }, (_, at) => make(first + at));
    made.push(...(await Promise.all(batch)));
  }
  return made;
}
