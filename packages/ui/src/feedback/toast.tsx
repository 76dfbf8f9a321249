import { Button, Group } from '@mantine/core';
import type { NotificationData } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck, IconInfoCircle } from '../icons.ts';

export interface Toast {
  readonly tone: 'success' | 'info' | 'problem';
  readonly message: string;
  readonly title?: string;
}

const LOOK = {
  success: { color: 'green', icon: <IconCheck size={16} aria-hidden /> },
  info: { color: 'tide', icon: <IconInfoCircle size={16} aria-hidden /> },
  problem: { color: 'red', icon: <IconAlertTriangle size={16} aria-hidden /> },
} as const;

/** A passing note. Never the only place of an error or a link: what matters also stands on the page. */
export function toast(note: Toast): void {
  const look = LOOK[note.tone];
  void show({
    title: note.title,
    message: note.message,
    color: look.color,
    icon: look.icon,
    autoClose: note.tone === 'problem' ? 12_000 : 5_000,
    withBorder: true,
  });
}

const UNDO_MS = 10_000;
let undoCount = 0;

/** Tells that something small was done and offers to take it back for ten seconds. */
export function offerUndo(note: { message: string; undo: string; onUndo: () => void }): void {
  const id = `undo-${(undoCount += 1)}`;
  void show({
    id,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <span>{note.message}</span>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            void hide(id);
            note.onUndo();
          }}
        >
          {note.undo}
        </Button>
      </Group>
    ),
    autoClose: UNDO_MS,
    withBorder: true,
  });
}

// The queue of notes is not part of a page's first load.
async function show(note: NotificationData): Promise<void> {
  (await import('@mantine/notifications')).notifications.show(note);
}

async function hide(id: string): Promise<void> {
  (await import('@mantine/notifications')).notifications.hide(id);
}
