import { CommandPalette, useDebouncedValue } from '@moorage/ui';
import { useState } from 'react';
import { useFindGroups } from './find-groups.tsx';

const TYPING_MS = 150;

/** Ctrl+K: goes to anything by part of its name. */
export function QuickFind(props: { opened: boolean; onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [settled] = useDebouncedValue(query.trim(), TYPING_MS);
  const { groups, busy } = useFindGroups(query.trim(), settled, props.opened);
  return (
    <CommandPalette
      opened={props.opened}
      onClose={() => {
        setQuery('');
        props.onClose();
      }}
      query={query}
      onQuery={setQuery}
      groups={groups}
      busy={busy || query.trim() !== settled}
    />
  );
}
