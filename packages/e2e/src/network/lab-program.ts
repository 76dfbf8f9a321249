import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { startProduct } from '../target/product.ts';
import { startActors } from './lab-actors.ts';
import type { LabAnswer, LabQuestion } from './network-lab.ts';

/**
 * Runs inside a network namespace: a name server, traps on every address of the machine, and the product. Answers
 * questions of the suite outside until it disconnects.
 */
const PORTS = [80, 389, 443, 636, 8443, 9200];
const HEADER_BYTES = 12;

const hits: { address: string; port: number }[] = [];
let names: Readonly<Record<string, readonly string[]>> = {};
const asked = new Map<string, number>();

for (const port of PORTS) {
  const server = createServer((socket) => {
    hits.push({ address: (socket.localAddress ?? '').replace(/^::ffff:/, ''), port });
    socket.on('error', () => undefined);
    socket.destroy();
  });
  server.listen({ port, host: '::' });
  await once(server, 'listening');
}

const nameServer = createSocket('udp4');
nameServer.on('message', (query, from) => nameServer.send(reply(query), from.port, from.address));
nameServer.bind(53, '127.0.0.1');
await once(nameServer, 'listening');

const [directory = '', host, otherHost] = process.argv.slice(2);
const actors = host && otherHost ? await startActors(directory, host, otherHost) : null;
const product = await startProduct();
process.on('message', (question: LabQuestion) => {
  void answerTo(question).then((answer) => process.send?.({ id: question.id, ...answer } satisfies LabAnswer));
});
process.once('disconnect', () => void product.stop().finally(() => process.exit(0)));
process.send?.({ id: 0, ...(actors ? { stage: actors.stage } : {}) } satisfies LabAnswer);

async function answerTo(question: LabQuestion): Promise<Omit<LabAnswer, 'id'>> {
  if (question.names) {
    names = question.names;
    asked.clear();
  }
  const { call, visit, browse, script } = question;
  if (script) actors?.play(script);
  const answered = call && (await product.api(call.method, call.path, call.body));
  return {
    ...answered,
    ...(browse ? await get(browse.path, browse.cookie) : {}),
    ...(visit === undefined ? {} : { location: await actors?.visit(visit) }),
    ...(question.takesHits ? { hits: hits.splice(0) } : {}),
    ...(question.takesSeen ? { seen: actors?.takeSeen() } : {}),
  };
}

/** A page of the product as a browser asks for it. */
async function get(path: string, cookie: string): Promise<Pick<LabAnswer, 'status' | 'location' | 'cookie'>> {
  const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }) };
  const answer = await fetch(new URL(path, product.origin), { redirect: 'manual', headers });
  await answer.body?.cancel();
  const cookies = answer.headers.getSetCookie().map((text) => text.split(';', 1)[0] ?? '');
  return { status: answer.status, location: answer.headers.get('location') ?? '', cookie: cookies.join('; ') };
}

/** Answers A and AAAA questions from the list of the name; several lists are answered one question of a kind after the other. */
function reply(query: Buffer): Buffer {
  const { name, type, end } = questionOf(query);
  const lists = names[name] ?? [];
  const key = `${name} ${type}`;
  const turn = asked.get(key) ?? 0;
  asked.set(key, turn + 1);
  const addresses = (lists[Math.min(turn, lists.length - 1)] ?? '').split(' ').filter((address) => address !== '');
  const wanted = addresses.filter((address) => address.includes(':') === (type === 28) && (type === 1 || type === 28));
  const answers = wanted.map((address) => {
    const bytes = address.includes(':') ? v6Bytes(address) : Buffer.from(address.split('.').map(Number));
    const head = Buffer.from([0xc0, HEADER_BYTES, 0, type, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
    return Buffer.concat([head, bytes]);
  });
  const head = Buffer.alloc(HEADER_BYTES);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(lists.length > 0 ? 0x8580 : 0x8583, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answers.length, 6);
  return Buffer.concat([head, query.subarray(HEADER_BYTES, end), ...answers]);
}

function questionOf(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function v6Bytes(address: string): Buffer {
  const [head = '', tail = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  const bytes = Buffer.alloc(16);
  all.forEach((group, index) => bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2));
  return bytes;
}
