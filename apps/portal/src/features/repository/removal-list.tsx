import { shortDigest, Text } from '@moorage/ui';
import { useTranslation } from 'react-i18next';
import { DoomedList } from './doomed-list.tsx';
import type { RemovalPreview } from './removal.rules.ts';

/** The very things that go, each with why it goes along, and those that stay, each with its reason. */
export function RemovalList(props: { preview: RemovalPreview }) {
  const { t } = useTranslation('repository');
  const { preview } = props;
  const nameOf = (row: { name: string; digest: string }) => row.name || shortDigest(row.digest);
  const more = preview.goes_total - preview.goes.length;
  const moreStay = preview.stays_total - preview.stays.length;
  return (
    <>
      {preview.goes.length > 0 ? (
        <section aria-label={t('removal.goes')}>
          <Text size="sm" fw={600}>
            {t('removal.goes')}
          </Text>
          <DoomedList
            rows={preview.goes.map((row) => ({
              key: `${row.kind} ${row.name} ${row.digest}`,
              name: nameOf(row),
              detail:
                row.because === 'asked'
                  ? row.kind === 'artifact' && row.name === ''
                    ? t('artifacts.untagged')
                    : shortDigest(row.digest)
                  : t(`removal.because.${row.because}`, { of: ofName(row.of) }),
            }))}
          />
          {more > 0 ? <Text size="sm">{t('removal.more', { count: more })}</Text> : null}
        </section>
      ) : null}
      {preview.stays.length > 0 ? (
        <section aria-label={t('removal.stays')}>
          <Text size="sm" fw={600} mt={preview.goes.length > 0 ? 8 : 0}>
            {t('removal.stays')}
          </Text>
          <DoomedList
            rows={preview.stays.map((row) => ({
              key: `${row.kind} ${row.name} ${row.digest}`,
              name: nameOf(row),
              detail: t(`removal.reason.${row.reason}`),
              title: row.text,
            }))}
          />
          {moreStay > 0 ? <Text size="sm">{t('removal.more', { count: moreStay })}</Text> : null}
        </section>
      ) : null}
      {preview.goes.length + preview.stays.length === 0 ? <Text size="sm">{t('removal.nothing')}</Text> : null}
    </>
  );
}

function ofName(of: string): string {
  return of.includes(':') ? shortDigest(of) : of;
}
