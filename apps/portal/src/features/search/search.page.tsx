import { EmptyState, FacetBar, IconSearch, PageHeader } from '@moorage/ui';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../../shared/page/use-title.ts';
import { FoundArtifacts } from './found-artifacts.tsx';
import { FoundNames } from './found-names.tsx';
import { SOUGHT, type Sought } from './search-search.ts';

const FROM = '/app/search';

/** Finds projects and repositories by name, and artifacts by tag, digest, label or annotation, wherever one may look. */
export function SearchPage() {
  const { t } = useTranslation('search');
  const { q = '', by = 'tag' } = useSearch({ from: FROM });
  const navigate = useNavigate({ from: '/search' });
  useTitle(t('title'));
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <FacetBar
        search={{
          label: t('box'),
          value: q,
          onChange: (text) =>
            void navigate({ search: (before) => ({ ...before, q: text === '' ? undefined : text }), replace: true }),
        }}
        facets={[
          {
            id: 'by',
            label: t('byWhat'),
            single: true,
            options: SOUGHT.map((value) => ({ value, label: t(`by.${value}`) })),
            selected: [by],
            onChange: ([value]) =>
              void navigate({ search: (before) => ({ ...before, by: value as Sought | undefined }), replace: true }),
          },
        ]}
      />
      {q.trim() === '' ? (
        <EmptyState icon={<IconSearch size={28} />} title={t('empty')} text={t('emptyText')} />
      ) : (
        <>
          <FoundNames text={q.trim()} />
          <FoundArtifacts by={by} text={q.trim()} />
        </>
      )}
    </>
  );
}
