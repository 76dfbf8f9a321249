import type { ReactNode } from 'react';
import { BrandMark } from '../../shared/brand-mark.tsx';
import { LanguageMenu, SchemeMenu } from '../../shared/look-menus.tsx';
import classes from './sign-in.module.css';

/** The page around what is done before one is in. */
export function SignInCard(props: {
  title: string;
  text: string;
  wide?: boolean;
  foot?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <SchemeMenu />
        <LanguageMenu />
      </div>
      <main className={classes.card} data-wide={props.wide || undefined}>
        <div className={classes.brand}>
          <BrandMark size={44} />
          <h1 className={classes.title}>{props.title}</h1>
          <p className={classes.text}>{props.text}</p>
        </div>
        {props.children}
        {props.foot ? <p className={classes.foot}>{props.foot}</p> : null}
      </main>
    </div>
  );
}
