import type { ReactNode } from 'react';
import classes from './page-header.module.css';

/** Title, what it is about, and what can be done here. `tabs` holds links to the sibling views. */
export function PageHeader(props: {
  title: ReactNode;
  /** Links to what this belongs to. */
  trail?: ReactNode;
  badges?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  tabs?: ReactNode;
}) {
  return (
    <header className={classes.header} data-tabs={props.tabs ? true : undefined}>
      {props.trail ? <div className={classes.trail}>{props.trail}</div> : null}
      <div className={classes.row}>
        <div className={classes.heading}>
          <h1 className={classes.title}>{props.title}</h1>
          {props.badges ? <div className={classes.badges}>{props.badges}</div> : null}
        </div>
        {props.actions ? <div className={classes.actions}>{props.actions}</div> : null}
      </div>
      {props.description ? <div className={classes.description}>{props.description}</div> : null}
      {props.tabs}
    </header>
  );
}
