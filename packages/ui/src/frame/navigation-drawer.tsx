import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useUi } from '../text/ui-context.tsx';

/** The navigation of small screens. */
export function NavigationDrawer(props: {
  opened: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
}) {
  const { text } = useUi();
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      title={props.title}
      size={280}
      closeButtonProps={{ 'aria-label': text.actions.close }}
    >
      <nav aria-label={text.frame.navigation}>{props.children}</nav>
    </Drawer>
  );
}
