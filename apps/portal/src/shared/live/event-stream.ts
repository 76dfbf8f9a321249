/** One message of a `text/event-stream`. */
export interface StreamMessage {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/**
 * Reads a byte stream as server-sent events (HTML standard, "event stream interpretation"). Comment lines, which servers
 * send as heart-beats, yield nothing but count as a sign of life for `onLife`.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
  onLife: () => void = () => undefined,
): AsyncGenerator<StreamMessage> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let draft: { id: string | null; event: string; data: string[] } = { id: null, event: 'message', data: [] };
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      onLife();
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line !== '') {
          takeField(draft, line);
          continue;
        }
        if (draft.data.length > 0) yield { id: draft.id, event: draft.event, data: draft.data.join('\n') };
        draft = { id: draft.id, event: 'message', data: [] };
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function takeField(draft: { id: string | null; event: string; data: string[] }, line: string): void {
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'data') draft.data.push(value);
  else if (field === 'event') draft.event = value;
  else if (field === 'id' && !value.includes('\0')) draft.id = value;
}
