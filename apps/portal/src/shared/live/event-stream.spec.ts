import { expect, test } from 'vitest';
import { readEventStream, type StreamMessage } from './event-stream.ts';

test('reads messages with ids, names and several data lines', async () => {
  const messages = await read('id: 7\nevent: push\ndata: one\ndata: two\n\n', 'data:three\n\n');
  expect(messages).toEqual([
    { id: '7', event: 'push', data: 'one\ntwo' },
    // The id stays until another one is sent.
    { id: '7', event: 'message', data: 'three' },
  ]);
});

test('puts together what arrives in pieces, also in the middle of a character', async () => {
  const bytes = new TextEncoder().encode('data: тег\n\n');
  expect(await readBytes([bytes.slice(0, 7), bytes.slice(7, 9), bytes.slice(9)])).toEqual([
    { id: null, event: 'message', data: 'тег' },
  ]);
});

test('a comment is a sign of life and no message', async () => {
  let signs = 0;
  const messages = await read(': beat\n\n', ': beat\n\n', 'data: x\n\n', () => {
    signs += 1;
  });
  expect(messages).toHaveLength(1);
  expect(signs).toBe(3);
});

test('an id without data says where the stream stands', async () => {
  expect(await read('id: 9\n\n', ': beat\n\n')).toEqual([{ id: '9', event: 'message', data: null }]);
});

test('an unfinished message at the end is dropped', async () => {
  expect(await read('data: whole\n\ndata: half')).toEqual([{ id: null, event: 'message', data: 'whole' }]);
});

test('takes all three kinds of line ends', async () => {
  expect((await read('data: a\r\n\r\ndata: b\n\n')).map((message) => message.data)).toEqual(['a', 'b']);
});

function read(...parts: (string | (() => void))[]): Promise<StreamMessage[]> {
  const onLife = parts.find((part) => typeof part === 'function');
  const texts = parts.filter((part) => typeof part === 'string').map((text) => new TextEncoder().encode(text));
  return readBytes(texts, onLife);
}

async function readBytes(chunks: Uint8Array[], onLife?: () => void): Promise<StreamMessage[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const messages: StreamMessage[] = [];
  for await (const message of readEventStream(body, onLife)) messages.push(message);
  return messages;
}
