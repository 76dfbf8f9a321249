import { Fragment } from 'react';

/** Text without blanks, such as an image reference, that may break after its separators. Copied, it has no trace of that. */
export function SoftBreaks(props: { text: string }) {
  return props.text.split(/(?<=[/:@.+])/).map((part, index) => (
    <Fragment key={index}>
      {part}
      <wbr />
    </Fragment>
  ));
}
