import { PROJECT } from '../registry/contender.ts';
import { digestOf, LARGE, SIGNED, tagName, type World } from './world.ts';

/** A call of a list, by paths that are asked in turn. */
export interface ListCall {
  readonly id: string;
  readonly title: string;
  readonly as: 'admin' | 'reader' | 'registry';
  readonly method: 'get' | 'delete';
  /** The paths of so many calls from the given one on. */
  readonly paths: (from: number, count: number) => readonly string[];
  /** Named in issue 4: it has to reach the bars. */
  readonly promised: boolean;
}

/** Where pages far behind the first begin, as a share of the whole. */
const DEEP = 0.9;
const PAGE = 100;
const API = '/api/v2.0';
const SHOWN = 'with_tag=true&with_label=true&with_accessory=true&with_immutable_status=true';

/** The lists of a world. `cursorAfter` finds the cursor of the page behind so many rows. */
export async function listCalls(
  world: World,
  cursorAfter: (path: string, rows: number) => Promise<string>,
): Promise<readonly ListCall[]> {
  const repository = `${API}/projects/${PROJECT}/repositories/large`;
  const artifacts = `${repository}/artifacts?page_size=${PAGE}&${SHOWN}`;
  const tags = `${repository}/tags?page_size=${PAGE}`;
  const referrers = `/v2/${SIGNED}/referrers/${digestOf('subject')}`;
  const accessories = `${API}/projects/${PROJECT}/repositories/signed/artifacts/${digestOf('subject')}/referrers`;
  const found = `${API}/search/artifacts?page_size=${PAGE}`;
  const deep = Math.floor((world.tags * DEEP) / PAGE) * PAGE;
  const deepPage = deep / PAGE + 1;
  const call = (id: string, title: string, path: string, as: ListCall['as'] = 'admin', promised = true): ListCall => ({
    id,
    title,
    as,
    method: 'get',
    paths: (_, count) => Array.from({ length: count }, () => path),
    promised,
  });
  const more = (id: string, title: string, path: string, as: ListCall['as'] = 'admin') =>
    call(id, title, path, as, false);
  const cursor = async (path: string, rows: number) => `${path}&cursor=${await cursorAfter(path, rows)}`;
  const names = Array.from({ length: world.tags }, (_, number) => tagName(number)).sort();
  return [
    call('v2-tags-first', 'tags/list, first 100', `/v2/${LARGE}/tags/list?n=${PAGE}`, 'registry'),
    call('v2-tags-deep', 'tags/list, 100 deep', `/v2/${LARGE}/tags/list?n=${PAGE}&last=${names[deep]}`, 'registry'),
    call('artifacts-first', 'artifacts of the repository, first 100', artifacts),
    call('artifacts-deep', 'artifacts, 100 deep by cursor', await cursor(artifacts, deep)),
    more('artifacts-page', `artifacts, 100 deep by number of the page`, `${artifacts}&page=${deepPage}`),
    call('tags-first', 'tags of the repository, newest 100', tags),
    call('tags-deep', 'tags, 100 deep by cursor', await cursor(tags, deep)),
    more('tags-page', 'tags, 100 deep by number of the page', `${tags}&page=${deepPage}`),
    call('tags-version', 'tags by version, first 100', `${tags}&sort=-version`),
    more('tags-facets', 'facets of all tags', `${repository}/tags/facets`),
    call('search-newest', 'search, newest artifacts', found),
    call('search-deep', 'search, newest artifacts, 100 deep by cursor', await cursor(found, deep)),
    call('search-tag', 'search by tag', `${found}&q=tag%3D${tagName(world.tags / 2)}`),
    call('search-part', 'search by part of a tag', `${found}&q=tag%3D~.${world.tags / 2}`),
    call('search-repository', 'search by repository', `${found}&q=repository%3D~project-00005/`),
    call('search-reader', 'search, newest artifacts, as a member of each tenth project', found, 'reader'),
    call('search-names', 'search of projects and repositories, few hits', `${API}/search?q=project-00005`),
    call('search-many', 'search of projects and repositories, a hit in every project', `${API}/search?q=app-7`),
    call('projects', 'projects, first 10', `${API}/projects?page_size=10`),
    more('projects-100', 'projects, first 100 (all ten of the small one)', `${API}/projects?page_size=${PAGE}`),
    more('repositories', 'repositories of all projects, first 100', `${API}/repositories?page_size=${PAGE}`),
    call('referrers', 'referrers of one digest, first 100', `${referrers}?n=${PAGE}`, 'registry'),
    call('referrers-api', 'referrers with total, in the REST API, first 100', `${accessories}?page_size=${PAGE}`),
    more('referrers-all', 'referrers of one digest, as many as a page holds', referrers, 'registry'),
    {
      id: 'manifest-delete',
      title: 'DELETE of a manifest with a tag',
      as: 'registry',
      method: 'delete',
      paths: (from, count) =>
        Array.from({ length: count }, (_, at) => `/v2/${LARGE}/manifests/${digestOf(tagName(from + at))}`),
      promised: true,
    },
  ];
}
