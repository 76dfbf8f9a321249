import { VisuallyHidden } from '@mantine/core';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';

type Announce = (message: string) => void;

const AnnounceContext = createContext<Announce>(() => undefined);

/** Holds the one polite live region of the page. */
export function Announcer(props: { children: ReactNode }) {
  const [message, setMessage] = useState('');
  const repeat = useRef(false);
  const announce = useCallback<Announce>((next) => {
    // The same sentence twice is only read again when the text differs.
    repeat.current = !repeat.current;
    setMessage(repeat.current ? next : `${next}\u00a0`);
  }, []);
  return (
    <AnnounceContext value={announce}>
      {props.children}
      <VisuallyHidden role="status" aria-live="polite" data-announcer>
        {message}
      </VisuallyHidden>
    </AnnounceContext>
  );
}

/** Says something to screen readers without moving focus. */
export function useAnnounce(): Announce {
  return useContext(AnnounceContext);
}
