import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** What a made-up directory does when it is searched. */
export type FakeSearch =
  | 'nobody'
  | 'entry without DN'
  | 'referral'
  | 'endless entries'
  | 'silence'
  | 'hang up'
  | 'active directory';

/** Active Directory's rule that follows groups in groups (LDAP_MATCHING_RULE_IN_CHAIN). */
export const IN_CHAIN_RULE = '1.2.840.113556.1.4.1941';

/**
 * An LDAP server that says yes to every bind and misbehaves in searches; as `active directory` it knows `uid=ada` alone,
 * whose groups are told only to searches by {@link IN_CHAIN_RULE}.
 */
export interface FakeDirectory {
  readonly port: number;
  /** Passwords that were sent in binds. */
  readonly passwords: readonly string[];
  /** Searches since the last time, each as the printable text of its filter. */
  takeSearches(): string[];
  /** What {@link IN_CHAIN_RULE} finds, by DN. */
  groups: readonly string[];
  search: FakeSearch;
  /** Where its referrals lead. */
  referral: string;
  stop(): Promise<void>;
}

/** The one user of the directory when it plays Active Directory. */
export const FAKE_USER_DN = 'uid=ada,dc=example,dc=com';

const BIND = 0x60;
const SEARCH = 0x63;
const EXTENDED = 0x77;
const MAX_ENTRIES = 1_000_000;

/** Starts a made-up directory, on 127.0.0.1 unless said otherwise. Referrals it gives name `referral`. */
export async function startFakeDirectory(referral = 'ldap://127.0.0.1:1', host = '127.0.0.1'): Promise<FakeDirectory> {
  const sockets = new Set<Socket>();
  const passwords: string[] = [];
  const searches: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (data) => answer(socket, data, fake, { passwords, searches }));
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const fake: FakeDirectory = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    passwords,
    takeSearches: () => searches.splice(0),
    groups: [],
    search: 'nobody',
    referral,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function answer(
  socket: Socket,
  data: Buffer,
  fake: FakeDirectory,
  { passwords, searches }: { readonly passwords: string[]; readonly searches: string[] },
): void {
  const message = inside(data);
  const id = message.subarray(0, 2 + (message[1] ?? 0));
  const operation = message.subarray(id.length);
  const reply = (tag: number, ...parts: Buffer[]) => socket.write(element(0x30, id, element(tag, ...parts)));
  switch (operation[0]) {
    case BIND:
      passwords.push(lastText(operation));
      reply(0x61, result(0));
      return;
    case EXTENDED:
      // As if somebody on the way had taken StartTLS out.
      reply(0x78, result(2, 'unsupported extended operation'));
      return;
    case SEARCH:
      searches.push(operation.toString('latin1').replaceAll(/[^ -~]+/g, ' '));
      if (fake.search === 'active directory') asActiveDirectory(searches.at(-1) ?? '', fake.groups, reply);
      else search(socket, id, fake.search, reply, fake.referral);
  }
}

function search(
  socket: Socket,
  id: Buffer,
  kind: FakeSearch,
  reply: (tag: number, ...parts: Buffer[]) => unknown,
  referral: string,
): void {
  if (kind === 'silence') return;
  if (kind === 'hang up') socket.destroy();
  else if (kind === 'endless entries') void flood(socket, id);
  else if (kind === 'referral') reply(0x65, result(10), element(0xa3, text(0x04, referral)));
  else {
    if (kind === 'entry without DN') reply(0x64, entry(''));
    reply(0x65, result(0));
  }
}

/** The only user when users are searched by name, and groups for the rule that follows them, as long as it is about that user. */
function asActiveDirectory(
  filter: string,
  groups: readonly string[],
  reply: (tag: number, ...parts: Buffer[]) => unknown,
): void {
  const base = /[a-z]+=\S*/i.exec(filter)?.[0] ?? '';
  const asksChain = filter.includes(IN_CHAIN_RULE) && filter.includes(FAKE_USER_DN);
  const asksUser = !filter.includes(IN_CHAIN_RULE) && (filter.includes(' uid ada') || base === FAKE_USER_DN);
  const found = asksChain ? groups.filter((dn) => dn.endsWith(base)) : [];
  for (const dn of found) reply(0x64, entry(dn, 'cn', dn.slice(3).split(',', 1)[0]));
  if (asksUser) reply(0x64, entry(FAKE_USER_DN));
  reply(0x65, result(0));
}

/** Sends entries as long as somebody reads them. */
async function flood(socket: Socket, id: Buffer): Promise<void> {
  const one = element(0x30, id, element(0x64, entry('uid=ada,dc=example,dc=org')));
  for (let sent = 0; sent < MAX_ENTRIES && !socket.destroyed; sent += 1_000) {
    const goesOn = socket.write(Buffer.concat(Array.from({ length: 1_000 }, () => one)));
    if (!goesOn) await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
  }
}

function entry(dn: string, type = 'uid', value = 'ada'): Buffer {
  const attribute = element(0x30, text(0x04, type), element(0x31, text(0x04, value)));
  return Buffer.concat([text(0x04, dn), element(0x30, attribute)]);
}

function result(code: number, diagnostic = ''): Buffer {
  return Buffer.concat([Buffer.from([0x0a, 0x01, code]), text(0x04, ''), text(0x04, diagnostic)]);
}

function text(tag: number, value: string): Buffer {
  return element(tag, Buffer.from(value));
}

/** One BER element with a definite length. */
function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function inside(data: Buffer): Buffer {
  const first = data[1] ?? 0;
  return data.subarray(first < 128 ? 2 : 2 + (first & 0x7f));
}

/** The password of a simple bind, which ends the message. */
function lastText(operation: Buffer): string {
  const at = operation.lastIndexOf(0x80);
  return at < 0 ? '' : operation.subarray(at + 2).toString('utf8');
}
