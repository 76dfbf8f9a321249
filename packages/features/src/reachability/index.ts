export {
  decide,
  type Decision,
  type Goes,
  type Graph,
  type GraphNode,
  MAX_TAGS_OF_NODE,
  type Root,
  schemeRangeOf,
  schemeTagsOf,
  STAY_CODES,
  type StayCode,
  type Stays,
} from './reachability.rules.ts';
export { type GraphRequest, loadGraph, type LoadedGraph, schemeTagsSql, schemeTiesSql } from './reachability.store.ts';
