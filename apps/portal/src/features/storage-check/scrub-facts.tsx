import type { getScrubState, ResponseOf } from '@moorage/contracts';
import { Badge, ExactTime, Facts, useUi } from '@moorage/ui';
import { useTranslation } from 'react-i18next';

/** How far the check of all stored bytes is, and what the one before found. */
export function ScrubFacts(props: { state: ResponseOf<typeof getScrubState> }) {
  const { t } = useTranslation('storage-check');
  const ui = useUi();
  const { state } = props;
  const read = (blobs: number, bytes: number, corrupt: number) =>
    t('scrub.read', { blobs: ui.number(blobs), bytes: ui.bytes(bytes), corrupt: ui.number(corrupt) });
  return (
    <Facts
      rows={[
        {
          label: t('scrub.damaged'),
          value: (
            <Badge color={state.damaged_blobs === 0 ? 'green' : 'red'}>
              {state.damaged_blobs === 0 ? t('scrub.allWhole') : ui.number(state.damaged_blobs)}
            </Badge>
          ),
        },
        { label: t('scrub.pace'), value: t('scrub.perSecond', { bytes: ui.bytes(state.bytes_per_second) }) },
        ...(state.pass_started_at === undefined
          ? []
          : [
              { label: t('scrub.passSince'), value: <ExactTime value={state.pass_started_at} /> },
              {
                label: t('scrub.passSoFar'),
                value: (
                  <>
                    {t('percent', { percent: state.pass_percent ?? 0 })}{' '}
                    {read(state.pass_blobs, state.pass_bytes, state.pass_corrupt)}
                  </>
                ),
              },
            ]),
        {
          label: t('scrub.lastPass'),
          value:
            state.last_pass_ended_at === undefined ? (
              t('scrub.never')
            ) : (
              <>
                <ExactTime value={state.last_pass_ended_at} />
                <div>{read(state.last_pass_blobs, state.last_pass_bytes, state.last_pass_corrupt)}</div>
              </>
            ),
        },
      ]}
    />
  );
}
