/** One message of a `text/event-stream`; without data it only says where the stream stands. */
export interface StreamMessage {
  readonly id: string | null;
  readonly event: string;
  readonly data: string | null;
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
  let draft = draftAfter(null);
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
        else if (draft.moved) yield { id: draft.id, event: draft.event, data: null };
        draft = draftAfter(draft.id);
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

interface Draft {
  id: string | null;
  /** Whether this message brought an id of its own. */
  moved: boolean;
  event: string;
  data: string[];
}

function draftAfter(id: string | null): Draft {
  return { id, moved: false, event: 'message', data: [] };
}

function takeField(draft: Draft, line: string): void {
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'data') draft.data.push(value);
  else if (field === 'event') draft.event = value;
  else if (field === 'id' && !value.includes('\0')) {
    draft.id = value;
    draft.moved = true;
  }
}
