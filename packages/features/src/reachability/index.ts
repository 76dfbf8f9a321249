export {
  decide,
  type Decision,
  type Goes,
  type Graph,
  type GraphNode,
  MAX_TAGS_OF_NODE,
  type Root,
  schemeTagsOf,
  schemeTagsSql,
  schemeTiesSql,
  STAY_CODES,
  type StayCode,
  type Stays,
} from './reachability.rules.ts';
export { type GraphRequest, loadGraph, type LoadedGraph } from './reachability.store.ts';
