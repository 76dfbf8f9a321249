import { ConfirmDestroy, TextSkeleton, toast } from '@moorage/ui';
import { type ReactNode, useState } from 'react';
import { useProblem } from '../../shared/api/use-problem.ts';
import { DoomedList } from './doomed-list.tsx';

/** One of several that could not be destroyed. */
interface Spared {
  readonly name: string;
  readonly error: unknown;
}

/**
 * Asks before tags, artifacts or repositories go: names each, says what follows, and stays with the reasons when some of
 * them could not go.
 */
export function BulkDestroy(props: {
  /** A name to type; for what cannot be brought back and is alone. */
  typed?: string;
  title: string;
  action: string;
  consequences: readonly ReactNode[];
  /** What goes, or undefined while the server is asked. */
  rows: readonly { readonly name: string; readonly detail: string }[] | undefined;
  /** Why it cannot be found out what goes. */
  error?: unknown;
  /** What stays although it was to go. */
  destroy: () => Promise<readonly Spared[]>;
  done: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const problem = useProblem();
  const [failure, setFailure] = useState<string | null>(null);
  const error = props.error ?? null;
  const confirm = async () => {
    setFailure(null);
    const spared = await props.destroy();
    if (spared.length > 0) {
      setFailure(spared.map((entry) => `${entry.name}: ${problem.text(entry.error)}`).join('\n'));
      return;
    }
    toast({ tone: 'success', message: props.done });
    props.onDone();
  };
  return (
    <ConfirmDestroy
      opened
      onClose={props.onClose}
      tier={props.typed === undefined ? 'content' : 'typed'}
      name={props.typed}
      title={props.title}
      action={props.action}
      blocked={error !== null ? 'impossible' : props.rows === undefined ? 'checking' : undefined}
      consequences={props.consequences}
      failure={failure ?? (error === null ? null : problem.text(error))}
      onConfirm={confirm}
    >
      {props.rows ? <DoomedList rows={props.rows} /> : error === null ? <TextSkeleton lines={3} /> : null}
    </ConfirmDestroy>
  );
}
