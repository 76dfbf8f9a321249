import { Badge, IconBan, IconCheck } from '@moorage/ui';
import { useTranslation } from 'react-i18next';

/** Whether jobs are accepted by a rule. */
export function RuleState(props: { disabled: boolean }) {
  const { t } = useTranslation('federation');
  const Sign = props.disabled ? IconBan : IconCheck;
  return (
    <Badge color={props.disabled ? 'gray' : 'green'} leftSection={<Sign size={12} aria-hidden />}>
      {props.disabled ? t('state.off') : t('state.on')}
    </Badge>
  );
}
