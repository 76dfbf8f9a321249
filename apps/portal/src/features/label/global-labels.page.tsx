import { Text } from '@moorage/ui';
import { useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { useIsAdmin } from '../../shared/session/session.queries.ts';
import { LabelTable } from './label-table.tsx';

/** The labels every project may use. */
export function GlobalLabelsPage() {
  const { t } = useTranslation('label');
  const search = useSearch({ from: '/app/signed-in/settings/labels' });
  const admin = useIsAdmin();
  useTitle(t('global.title'));
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('global.description')}
      </Text>
      <LabelTable scope={null} search={search} why={admin ? null : t('needs.administrator')} />
    </>
  );
}
