import type { RefusalReason } from '@moorage/contracts';
import { useTranslation } from 'react-i18next';

/** Why a connection was refused, and what would let it through. */
export function ReasonText(props: { reason: RefusalReason }) {
  const { t } = useTranslation('egress');
  return t(`reason.${props.reason}`);
}
