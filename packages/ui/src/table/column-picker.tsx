import { Button, Menu } from '@mantine/core';
import { IconCheck, IconColumns3 } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import type { TableModel } from './table-model.ts';

/** Chooses the shown columns; the key column is not offered. */
export function ColumnPicker<Row extends object>(props: { model: TableModel<Row> }) {
  const { text } = useUi();
  const { table, column } = props.model;
  const choices = table.getAllLeafColumns().filter((leaf) => column(leaf.id)?.priority !== 'key');
  if (choices.length < 3) return null;
  return (
    <Menu closeOnItemClick={false}>
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={15} aria-hidden />}>
          {text.table.columns}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((leaf) => (
          <Menu.Item
            key={leaf.id}
            role="menuitemcheckbox"
            aria-checked={leaf.getIsVisible()}
            leftSection={
              <IconCheck size={15} aria-hidden style={{ visibility: leaf.getIsVisible() ? 'visible' : 'hidden' }} />
            }
            onClick={() => leaf.toggleVisibility()}
          >
            {column(leaf.id)?.header}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
