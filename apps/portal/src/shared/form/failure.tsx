import { Text } from '@moorage/ui';
import classes from './failure.module.css';

/** Why an action failed, beside its button; read out when it appears. */
export function Failure(props: { text: string | null }) {
  if (props.text === null) return null;
  return (
    <Text role="alert" size="sm" c="var(--mantine-color-error)" className={classes.failure}>
      {props.text}
    </Text>
  );
}
