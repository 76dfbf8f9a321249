import { Alert, Button, Checkbox, Group, Stack } from '@mantine/core';
import { IconDownload, IconShieldLock } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import { CodeBlock } from './code-block.tsx';
import classes from './secret-once.module.css';

/**
 * A secret that is shown this once: to copy, to save as a file, and to confirm as kept. It lives in the props only;
 * the caller forgets it when the person moves on.
 */
export function SecretOnce(props: {
  rows: readonly { readonly label: string; readonly value: string }[];
  file: { readonly name: string; readonly content: string };
  saved: boolean;
  onSaved: (saved: boolean) => void;
}) {
  const { text } = useUi();
  return (
    <Stack gap="sm">
      <Alert color="yellow" icon={<IconShieldLock size={18} aria-hidden />} title={text.secret.once} />
      {props.rows.map((row) => (
        <div key={row.label} className={classes.row}>
          <span className={classes.label}>{row.label}</span>
          <CodeBlock label={row.label} code={row.value} copyLabel={`${text.actions.copy}: ${row.label}`} />
        </div>
      ))}
      <Group justify="space-between">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => downloadText(props.file.name, props.file.content)}
        >
          {text.actions.download}
        </Button>
        <Checkbox
          label={text.secret.saved}
          checked={props.saved}
          onChange={(event) => props.onSaved(event.currentTarget.checked)}
        />
      </Group>
    </Stack>
  );
}

/** Hands text to the browser as a file. */
export function downloadText(name: string, content: string, type = 'application/json'): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken its reference by the next turn.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}
