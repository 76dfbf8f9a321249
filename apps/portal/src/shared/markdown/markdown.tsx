import { TextAnchor } from '@moorage/ui';
import { Fragment, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './markdown.module.css';
import { type Part, partsOf, safeAddress } from './markdown.rules.ts';

/**
 * A text of strangers in Markdown (S42). It becomes elements of ours, one kind of part at a time, never markup: HTML in
 * it is shown as it was written, images are links, and nothing of it loads or runs.
 */
export function Markdown(props: { text: string }) {
  const parts = useMemo(() => partsOf(props.text), [props.text]);
  if (parts === null) return <pre className={classes.plain}>{props.text}</pre>;
  return (
    <div className={classes.prose} data-prose>
      <Parts of={parts} />
    </div>
  );
}

function Parts(props: { of: readonly Part[] }): ReactNode {
  return props.of.map((part, index) => <OnePart key={index} part={part} />);
}

/** Parts that hold others and need nothing else; headings stand below the page's title and the panel's. */
const PLAIN_TAGS = {
  p: 'p',
  h1: 'h3',
  h2: 'h4',
  h3: 'h5',
  h4: 'h6',
  h5: 'h6',
  h6: 'h6',
  blockquote: 'blockquote',
  ul: 'ul',
  li: 'li',
  strong: 'strong',
  em: 'em',
  s: 's',
  thead: 'thead',
  tbody: 'tbody',
  tr: 'tr',
} as const;

function isPlain(kind: string): kind is keyof typeof PLAIN_TAGS {
  return Object.hasOwn(PLAIN_TAGS, kind);
}

function OnePart(props: { part: Part }): ReactNode {
  const { part } = props;
  const inside = <Parts of={part.parts} />;
  if (isPlain(part.kind)) {
    const Tag = PLAIN_TAGS[part.kind];
    return <Tag>{inside}</Tag>;
  }
  switch (part.kind) {
    case 'ol':
      return <ol start={part.start}>{inside}</ol>;
    case 'table':
      return <Wide>{inside}</Wide>;
    case 'th':
      return (
        <th scope="col" data-align={part.align}>
          {inside}
        </th>
      );
    case 'td':
      return <td data-align={part.align}>{inside}</td>;
    case 'a':
      return <Leading address={part.address}>{inside}</Leading>;
    case 'image':
      return <Picture image={part} />;
    case 'code_inline':
      return <code>{part.text}</code>;
    case 'fence':
    case 'code_block':
      return (
        <pre>
          <code>{part.text}</code>
        </pre>
      );
    case 'hr':
      return <hr />;
    case 'hardbreak':
      return <br />;
    case 'softbreak':
      return '\n';
    case 'plain':
      return inside;
    default:
      return part.text;
  }
}

/** A table may be wider than the page: it scrolls by itself, and takes focus, or the keyboard could not reach its end. */
function Wide(props: { children: ReactNode }) {
  const { t } = useTranslation('shared');
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
    <div className={classes.wide} role="group" aria-label={t('markdown.table')} tabIndex={0}>
      <table>{props.children}</table>
    </div>
  );
}

/** A link that leads out of the portal, in a window of its own and without telling where it was found. */
function Leading(props: { address: string; children: ReactNode }) {
  const address = safeAddress(props.address);
  if (address === null) return <Fragment>{props.children}</Fragment>;
  return (
    <TextAnchor href={address} target="_blank" rel="noopener noreferrer nofollow" title={address}>
      {props.children}
    </TextAnchor>
  );
}

/** Images are not fetched from elsewhere: that would tell others who reads this. */
function Picture(props: { image: Part }) {
  const { t } = useTranslation('shared');
  const { address, text } = props.image;
  return <Leading address={address}>{t('markdown.image', { name: text === '' ? address : text })}</Leading>;
}
