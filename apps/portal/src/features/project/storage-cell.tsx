import { Bytes, Meter, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import classes from './storage-cell.module.css';

/** Used bytes, and how much of the limit they are when there is one. */
export function StorageCell(props: { used: number; limit: number }) {
  const { t } = useTranslation('project');
  const ui = useUi();
  if (props.limit < 0) return <Bytes value={props.used} />;
  const text = t('storage.ofLimit', { used: ui.bytes(props.used), limit: ui.bytes(props.limit) });
  return (
    <span className={classes.cell}>
      <span className={classes.text}>{text}</span>
      <Meter label={t('column.storage')} value={props.used} max={props.limit} text={text} />
    </span>
  );
}
