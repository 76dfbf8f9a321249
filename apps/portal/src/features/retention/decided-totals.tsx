import type { RetentionPreview } from '@moorage/contracts';
import { Bytes, Count, Metric, Metrics, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';

/** How much goes, of how much: of a preview and of a run alike. */
export function DecidedTotals(props: { totals: RetentionPreview['totals'] }) {
  const { t } = useTranslation('retention');
  const ui = useUi();
  const { totals } = props;
  return (
    <Metrics>
      <Metric
        label={t('total.tags')}
        value={<Count value={totals.tags_deleted} />}
        hint={t('total.of', { all: ui.number(totals.tags) })}
      />
      <Metric
        label={t('total.artifacts')}
        value={<Count value={totals.artifacts_deleted} />}
        hint={t('total.of', { all: ui.number(totals.artifacts) })}
      />
      <Metric
        label={t('total.bytes')}
        value={<Bytes value={totals.bytes_deleted} />}
        hint={t('total.of', { all: ui.bytes(totals.bytes) })}
      />
    </Metrics>
  );
}
