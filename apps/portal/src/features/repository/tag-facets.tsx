import { listTagFacets, type TagFacets as Counts } from '@moorage/contracts';
import { type Facet, FacetBar } from '@moorage/ui';
import { useQuery } from '@tanstack/react-query';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { objectQuery } from '../../shared/api/query.ts';
import { useArtifactKind } from '../../shared/use-artifact-kind.ts';
import type { RepositoryPlace } from './repository.queries.ts';
import type { RepositorySearch } from './repository-search.ts';

const PULLS = ['week', 'not30', 'not90', 'never'] as const;

type Filter = (patch: Partial<RepositorySearch>) => void;

/** Narrows the list of tags; every choice says how many tags it leaves of those that match the search. */
export function TagFacets(props: {
  place: RepositoryPlace;
  search: RepositorySearch;
  /** What the counts are of. */
  q: string | undefined;
  /** Counting waits until the list itself is there. */
  ready: boolean;
  onSearch: (q: string) => void;
  onFilter: Filter;
}) {
  const { t } = useTranslation('repository');
  const { place, search, onFilter } = props;
  const kindOf = useArtifactKind();
  const { data } = useQuery({
    ...objectQuery(listTagFacets, {
      params: { project_name: place.project, repository_name: place.repository },
      query: { q: props.q },
    }),
    enabled: props.ready,
    staleTime: 60_000,
  });
  return (
    <FacetBar
      search={{ label: t('tags.search'), value: search.q ?? '', onChange: props.onSearch }}
      facets={[
        single('type', t('column.type'), valuesOf(data?.type, search.type, kindOf), search.type, (value) =>
          onFilter({ type: value }),
        ),
        single(
          'platform',
          t('column.platforms'),
          valuesOf(data?.platform, search.platform, (value) => value),
          search.platform,
          (value) => onFilter({ platform: value }),
        ),
        single(
          'by',
          t('column.pushedBy'),
          valuesOf(data?.pushed_by, search.by, (value) => value),
          search.by,
          (value) => onFilter({ by: value }),
        ),
        ...labelFacet(t, data?.label, search, onFilter),
        pulledFacet(t, search, onFilter),
        single(
          'kept',
          t('tags.immutable'),
          (['true', 'false'] as const).map((value) => ({ value, label: t(`tags.kept.${value}`) })),
          search.kept,
          (value) => onFilter({ kept: value as RepositorySearch['kept'] }),
        ),
      ]}
    />
  );
}

type Options = Facet['options'];

function single(
  id: string,
  label: string,
  options: Options,
  chosen: string | undefined,
  onChoose: (value: string | undefined) => void,
): Facet {
  const selected = chosen === undefined ? [] : [chosen];
  return { id, label, single: true, options, selected, onChange: ([value]) => onChoose(value) };
}

/** The counted values; the chosen one stays on offer when nothing has it any more. */
function valuesOf(counted: Counts['type'] | undefined, chosen: string | undefined, textOf: (value: string) => string) {
  const found = (counted ?? []).filter(({ value }) => value !== '');
  const options = found.map(({ value, count }) => ({ value, label: textOf(value), count }));
  const missing = chosen !== undefined && !found.some(({ value }) => value === chosen);
  return missing ? [...options, { value: chosen, label: textOf(chosen), count: undefined }] : options;
}

function labelFacet(
  t: TFunction<'repository'>,
  counted: Counts['label'] | undefined,
  search: RepositorySearch,
  onFilter: Filter,
): Facet[] {
  const options = (counted ?? []).map(({ id, name, count }) => ({ value: String(id), label: name, count }));
  if (options.length === 0 && search.label === undefined) return [];
  return [single('label', t('column.labels'), options, search.label, (value) => onFilter({ label: value }))];
}

function pulledFacet(t: TFunction<'repository'>, search: RepositorySearch, onFilter: Filter): Facet {
  const options = PULLS.map((value) => ({ value, label: t(`tags.pulled.${value}`) }));
  return single('pulled', t('column.pulled'), options, search.pulled, (value) =>
    onFilter({ pulled: value as RepositorySearch['pulled'] }),
  );
}
