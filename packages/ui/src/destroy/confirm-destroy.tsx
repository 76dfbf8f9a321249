import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { useUi } from '../text/ui-context.tsx';
import classes from './confirm-destroy.module.css';

/**
 * How hard it is to undo: `content` shows what goes and asks once more; `typed` also asks for the name. What can be
 * undone in a moment needs no dialog, see `offerUndo`.
 */
export type DestroyTier = 'content' | 'typed';

interface ConfirmDestroyProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly tier: DestroyTier;
  readonly title: string;
  /** What the button does, as a verb with its object: "Delete project". */
  readonly action: string;
  /** The name to type in tier `typed`. */
  readonly name?: string;
  /** Sentences saying what will happen. */
  readonly consequences: readonly ReactNode[];
  /** The very items, a preview from the server, or why it cannot be done. */
  readonly children?: ReactNode;
  /** The server is still finding out what would happen, or said that it cannot be done. */
  readonly blocked?: 'checking' | 'impossible';
  /** May reject; the reason is shown through `failure`. */
  readonly onConfirm: () => Promise<void>;
  readonly failure?: string | null;
}

/** Shows exactly what will happen before it does. Stays open while the server works, and on failure with the reason. */
export function ConfirmDestroy(props: ConfirmDestroyProps) {
  const { text } = useUi();
  const [working, setWorking] = useState(false);
  return (
    <Modal
      opened={props.opened}
      onClose={working ? () => undefined : props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      <Confirmation {...props} working={working} onWorking={setWorking} />
    </Modal>
  );
}

function Confirmation(props: ConfirmDestroyProps & { working: boolean; onWorking: (working: boolean) => void }) {
  const { text } = useUi();
  const [typed, setTyped] = useState('');
  const [mismatch, setMismatch] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const possible = props.blocked !== 'impossible';

  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (props.tier === 'typed' && typed !== props.name) {
      setMismatch(true);
      field.current?.focus();
      return;
    }
    props.onWorking(true);
    // A rejection is shown by the caller, through `failure`.
    await props.onConfirm().catch(() => undefined);
    props.onWorking(false);
  };
  return (
    <form onSubmit={(event) => void confirm(event)}>
      <Stack gap="md">
        {possible ? <Consequences sentences={props.consequences} /> : null}
        {props.children ? (
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so keys must reach it
          <div className={classes.preview} role="region" aria-label={props.title} tabIndex={0}>
            {props.children}
          </div>
        ) : null}
        {props.tier === 'typed' && possible ? (
          <TextInput
            ref={field}
            label={text.destroy.typeName(props.name ?? '')}
            value={typed}
            error={mismatch ? text.destroy.nameMismatch : undefined}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
            onChange={(event) => {
              setTyped(event.currentTarget.value);
              setMismatch(false);
            }}
          />
        ) : null}
        {props.failure ? (
          <Text role="alert" size="sm" c="var(--mantine-color-error)" className={classes.failure}>
            {props.failure}
          </Text>
        ) : null}
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            onClick={props.onClose}
            disabled={props.working}
            data-autofocus={props.tier === 'content' || !possible || undefined}
          >
            {text.actions.cancel}
          </Button>
          {possible ? (
            <Button type="submit" color="red" loading={props.working || props.blocked === 'checking'}>
              {props.action}
            </Button>
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

function Consequences(props: { sentences: readonly ReactNode[] }) {
  const { text } = useUi();
  if (props.sentences.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        {text.destroy.happens}
      </Text>
      <List size="sm" spacing={4}>
        {props.sentences.map((sentence, index) => (
          <List.Item key={index}>{sentence}</List.Item>
        ))}
      </List>
    </div>
  );
}
