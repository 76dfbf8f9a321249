import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useUi } from '../text/ui-context.tsx';
import classes from './confirm-destroy.module.css';

/**
 * How hard it is to undo: `content` shows what goes and asks once more; `typed` also asks for the name. What can be
 * undone in a moment needs no dialog, see `offerUndo`.
 */
export type DestroyTier = 'content' | 'typed';

/** Shows exactly what will happen before it does. Stays open while the server works, and on failure with the reason. */
export function ConfirmDestroy(props: {
  opened: boolean;
  onClose: () => void;
  tier: DestroyTier;
  title: string;
  /** What the button does, as a verb with its object: "Delete project". */
  action: string;
  /** The name to type in tier `typed`. */
  name?: string;
  /** Sentences saying what will happen. */
  consequences: readonly ReactNode[];
  /** The very items, a preview from the server, or why it cannot be done. */
  children?: ReactNode;
  /** The server is still finding out what would happen, or said that it cannot be done. */
  blocked?: 'checking' | 'impossible';
  /** Rejects with the failure; its text is `failure` then. */
  onConfirm: () => Promise<void>;
  failure?: string | null;
}) {
  const { text } = useUi();
  const [typed, setTyped] = useState('');
  const [working, setWorking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const [mismatch, setMismatch] = useState(false);
  const { opened } = props;
  useEffect(() => {
    if (opened) {
      setTyped('');
      setMismatch(false);
    }
  }, [opened]);

  const confirm = async () => {
    if (props.tier === 'typed' && typed !== props.name) {
      setMismatch(true);
      field.current?.focus();
      return;
    }
    setWorking(true);
    try {
      await props.onConfirm();
    } catch {
      // The caller shows the reason through `failure`.
    } finally {
      setWorking(false);
    }
  };

  return (
    <Modal
      opened={opened}
      onClose={working ? () => undefined : props.onClose}
      title={props.title}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void confirm();
        }}
      >
        <Stack gap="md">
          {props.consequences.length > 0 && props.blocked !== 'impossible' ? (
            <div>
              <Text size="sm" fw={600} mb={4}>
                {text.destroy.happens}
              </Text>
              <List size="sm" spacing={4}>
                {props.consequences.map((sentence, index) => (
                  <List.Item key={index}>{sentence}</List.Item>
                ))}
              </List>
            </div>
          ) : null}
          {props.children ? <div className={classes.preview}>{props.children}</div> : null}
          {props.tier === 'typed' && props.blocked !== 'impossible' ? (
            <TextInput
              ref={field}
              label={text.destroy.typeName(props.name ?? '')}
              value={typed}
              error={mismatch ? text.destroy.nameMismatch : undefined}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setTyped(event.currentTarget.value);
                setMismatch(false);
              }}
            />
          ) : null}
          {props.failure ? (
            <Text role="alert" size="sm" c="var(--mantine-color-error)">
              {props.failure}
            </Text>
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose} disabled={working} data-autofocus={props.tier === 'content'}>
              {text.actions.cancel}
            </Button>
            {props.blocked === 'impossible' ? null : (
              <Button type="submit" color="red" loading={working || props.blocked === 'checking'}>
                {props.action}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
