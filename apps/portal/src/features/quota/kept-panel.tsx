import { getKeptBytes } from '@moorage/contracts';
import { ExactTime, Panel, Text, TextSkeleton, useUi } from '@moorage/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useLoad } from '../../shared/api/use-load.ts';
import { ButtonLink } from '../../shared/links.tsx';
import { PageProblem } from '../../shared/page/page-problem.tsx';
import classes from './quota.module.css';

/** Why the bytes of a project are kept, in shares of all of them; who may delete sees every blob behind it. */
export function KeptPanel(props: { project: string; mayList: boolean }) {
  const { t } = useTranslation('quota');
  const { data, error, refetch } = useLoad(
    objectQuery(getKeptBytes, { params: { project_name_or_id: props.project } }),
  );
  return (
    <Panel
      title={t('kept.title')}
      actions={
        props.mayList ? (
          <ButtonLink to="/projects/$project/storage/blobs" params={{ project: props.project }} search={{}} small>
            {t('kept.all')}
          </ButtonLink>
        ) : undefined
      }
    >
      {error ? (
        <PageProblem error={error} onRetry={refetch} />
      ) : data === undefined ? (
        <TextSkeleton lines={4} />
      ) : (
        <Shares
          rows={[
            ...data.reasons.map(({ reason, count, bytes }) => ({
              id: reason,
              label: t(`kept.reason.${reason}.name`),
              text:
                reason === 'unneeded' ? <Unneeded next={data.next_collection_time} /> : t(`kept.reason.${reason}.text`),
              count: t('kept.blobs', { count }),
              bytes,
            })),
            {
              id: 'manifests',
              label: t('kept.manifests.name'),
              text: t('kept.manifests.text'),
              count: null,
              bytes: data.manifest_bytes,
            },
            {
              id: 'uploads',
              label: t('kept.uploads.name'),
              text: t('kept.uploads.text'),
              count: t('kept.uploads.count', { count: data.uploads }),
              bytes: data.upload_bytes,
            },
          ]}
        />
      )}
    </Panel>
  );
}

/** That the next collection frees them, and when that is. */
function Unneeded(props: { next: string | undefined }) {
  const { t } = useTranslation('quota');
  return (
    <>
      {t('kept.reason.unneeded.text')}{' '}
      {props.next === undefined ? (
        t('kept.noCollection')
      ) : (
        <>
          {t('kept.nextCollection')} <ExactTime value={props.next} />
        </>
      )}
    </>
  );
}

interface Share {
  readonly id: string;
  readonly label: string;
  readonly text: ReactNode;
  readonly count: string | null;
  readonly bytes: number;
}

function Shares(props: { rows: readonly Share[] }) {
  const { t } = useTranslation('quota');
  const ui = useUi();
  const rows = props.rows.filter((row) => row.bytes > 0);
  const all = rows.reduce((sum, row) => sum + row.bytes, 0);
  if (all === 0) return <Text c="dimmed">{t('kept.nothing')}</Text>;
  return (
    <>
      <div className={classes.shares} aria-hidden>
        {rows.map((row) => (
          <span key={row.id} data-kind={row.id} style={{ flexGrow: row.bytes }} />
        ))}
      </div>
      <ul className={classes.legend}>
        {rows.map((row) => (
          <li key={row.id}>
            <span className={classes.swatch} data-kind={row.id} aria-hidden />
            <div>
              <strong>{row.label}</strong>
              <Text size="sm" c="dimmed">
                {row.text}
              </Text>
            </div>
            <div className={classes.amount}>
              <strong>{ui.bytes(row.bytes)}</strong>
              <Text size="sm" c="dimmed">
                {row.count}
              </Text>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
