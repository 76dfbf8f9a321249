import { Modal } from '@mantine/core';
import { useUi } from '../text/ui-context.tsx';
import classes from './shortcut-help.module.css';

export interface ShortcutRow {
  /** Keys pressed one after the other. */
  readonly keys: readonly string[];
  readonly label: string;
}

/** All shortcuts that exist, by subject. */
export function ShortcutHelp(props: {
  opened: boolean;
  onClose: () => void;
  groups: readonly { readonly label: string; readonly rows: readonly ShortcutRow[] }[];
}) {
  const { text } = useUi();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={text.keyboard.title}
      size="lg"
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      <div className={classes.groups}>
        {props.groups.map((group) => (
          <section key={group.label}>
            <h3 className={classes.label}>{group.label}</h3>
            <dl className={classes.rows}>
              {group.rows.map((row) => (
                <div key={row.label} className={classes.row}>
                  <dt>{row.label}</dt>
                  <dd>
                    {row.keys.map((key) => (
                      <kbd key={key} className={classes.key}>
                        {key}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
