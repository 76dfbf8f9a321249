import { Alert } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconAlertTriangle } from '../icons.ts';
import { useUi } from '../text/ui-context.tsx';
import classes from './form.module.css';

/** A part of a form: what it is about on one side, its fields on the other. */
export function FormSection(props: { title: string; description?: ReactNode; children: ReactNode }) {
  return (
    <section className={classes.section}>
      <div className={classes.about}>
        <h2 className={classes.title}>{props.title}</h2>
        {props.description ? <p className={classes.description}>{props.description}</p> : null}
      </div>
      <div className={classes.fields}>{props.children}</div>
    </section>
  );
}

/** Fields one below the other. */
export function Fields(props: { children: ReactNode }) {
  return <div className={classes.fields}>{props.children}</div>;
}

export interface FieldProblem {
  /** Id of the field's element, to lead there. */
  readonly field: string;
  readonly message: string;
}

/** All problems of a form in one place, each leading to its field; takes focus when they appear after a submit. */
export function ProblemSummary(props: { problems: readonly FieldProblem[]; general?: string | null; attempt: number }) {
  const { text } = useUi();
  const box = useRef<HTMLDivElement>(null);
  const count = props.problems.length + (props.general ? 1 : 0);
  const { attempt } = props;
  useEffect(() => {
    // With a single field at fault the form library already stands on it.
    if (attempt > 0 && props.problems.length !== 1) box.current?.focus();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- each attempt moves focus once
  }, [attempt]);
  if (count === 0) return null;
  return (
    <Alert
      ref={box}
      tabIndex={-1}
      color="red"
      role="alert"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={props.problems.length > 0 ? text.form.problems(count) : undefined}
    >
      {props.general ? <p className={classes.general}>{props.general}</p> : null}
      {props.problems.length > 0 ? (
        <ul className={classes.problems}>
          {props.problems.map((problem) => (
            <li key={problem.field}>
              <a
                href={`#${problem.field}`}
                onClick={(event) => {
                  event.preventDefault();
                  document.getElementById(problem.field)?.focus();
                }}
              >
                {problem.message}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
    </Alert>
  );
}

/** Buttons at the end of a form. */
export function FormActions(props: { children: ReactNode }) {
  return <div className={classes.actions}>{props.children}</div>;
}
