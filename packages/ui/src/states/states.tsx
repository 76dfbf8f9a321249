import { Button, Group, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../commands/copy-button.tsx';
import { IconLock, IconPlugConnectedX, IconRefresh } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import classes from './states.module.css';

/** What a list is for and how it gets its first entry. `children` holds the command or button that fills it. */
export function EmptyState(props: {
  icon?: ReactNode;
  title: string;
  text?: ReactNode;
  children?: ReactNode;
  wide?: boolean;
}) {
  return (
    <div className={classes.state}>
      {props.icon ? (
        <div className={classes.icon} aria-hidden>
          {props.icon}
        </div>
      ) : null}
      <h2 className={classes.title}>{props.title}</h2>
      {props.text ? <p className={classes.text}>{props.text}</p> : null}
      {props.children ? <div className={props.wide ? classes.wide : classes.actions}>{props.children}</div> : null}
    </div>
  );
}

export interface Problem {
  /** What happened, in the reader's language. */
  readonly message: string;
  /** More of it in the server's own words, which are English. */
  readonly detail?: string;
  /** What to do next. */
  readonly help?: string;
  /** For the administrator. */
  readonly requestId?: string | null;
  /** Everything worth pasting into a report; no secrets. */
  readonly diagnostics?: string;
}

/** A part of a page that could not be shown, why, and the way on. */
export function ErrorState(props: { problem: Problem; onRetry?: () => void }) {
  const { text } = useUi();
  const { problem } = props;
  return (
    <div className={classes.state} role="alert">
      <div className={classes.icon} data-tone="problem" aria-hidden>
        <IconPlugConnectedX size={26} />
      </div>
      <h2 className={classes.title}>{text.states.errorTitle}</h2>
      <p className={classes.text}>{problem.message}</p>
      {problem.detail ? (
        <p className={classes.text} lang="en">
          {problem.detail}
        </p>
      ) : null}
      {problem.help ? <p className={classes.text}>{problem.help}</p> : null}
      {problem.requestId ? (
        <p className={classes.request}>
          {text.states.requestId} <code>{problem.requestId}</code>
        </p>
      ) : null}
      <Group className={classes.actions} gap="xs">
        {props.onRetry ? (
          <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} onClick={props.onRetry}>
            {text.actions.retry}
          </Button>
        ) : null}
        {problem.diagnostics ? (
          <CopyButton value={problem.diagnostics} label={text.states.copyDiagnostics} withText />
        ) : null}
      </Group>
    </div>
  );
}

/** The person lacks a right: which one, and who gives it. */
export function DeniedState(props: { text: ReactNode; children?: ReactNode }) {
  const { text } = useUi();
  return (
    <div className={classes.state}>
      <div className={classes.icon} aria-hidden>
        <IconLock size={26} />
      </div>
      <h2 className={classes.title}>{text.states.deniedTitle}</h2>
      <p className={classes.text}>{props.text}</p>
      {props.children ? <div className={classes.actions}>{props.children}</div> : null}
    </div>
  );
}

/** Stands in for a page's content while it loads. Shows itself after a moment only, so that quick answers do not flash. */
export function PageSkeleton() {
  const { text } = useUi();
  return (
    <output className={classes.skeleton} aria-label={text.table.loading}>
      <Stack gap="md" aria-hidden>
        <Skeleton height={28} width="32%" />
        <Skeleton height={14} width="54%" />
        <Skeleton height={220} />
      </Stack>
    </output>
  );
}

/** Lines of text that are on their way. */
export function TextSkeleton(props: { lines: number }) {
  const { text } = useUi();
  return (
    <output className={classes.skeleton} aria-label={text.table.loading}>
      <Stack gap={10} aria-hidden>
        {Array.from({ length: props.lines }, (_unused, line) => (
          <Skeleton key={line} height={12} width={`${90 - ((line * 23) % 50)}%`} />
        ))}
      </Stack>
    </output>
  );
}
