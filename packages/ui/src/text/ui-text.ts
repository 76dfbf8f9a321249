/** Every word the design system itself shows. The application hands in a translation; this package holds none. */
export interface UiText {
  readonly actions: {
    readonly cancel: string;
    readonly close: string;
    readonly copy: string;
    readonly copied: string;
    readonly copyFailed: string;
    readonly retry: string;
    readonly download: string;
    readonly more: string;
    readonly dismiss: string;
  };
  readonly bytes: readonly [string, string, string, string, string, string];
  readonly unlimited: string;
  readonly never: string;
  readonly frame: {
    readonly skip: string;
    readonly navigation: string;
    readonly openNavigation: string;
  };
  readonly table: {
    readonly columns: string;
    readonly selectAll: string;
    readonly selectRow: (name: string) => string;
    readonly selected: (count: number) => string;
    readonly clearSelection: string;
    /** On a page behind the last one, which rows were deleted from, or an old address names. */
    readonly beyond: string;
    readonly toLastPage: string;
    readonly selectMatching: (count: number) => string;
    readonly allMatching: (count: number) => string;
    readonly sortBy: (column: string) => string;
    readonly rowActions: (name: string) => string;
    readonly results: (count: number) => string;
    readonly loading: string;
    readonly pageSize: string;
    readonly pages: string;
    readonly range: (from: number, to: number, total: number) => string;
    readonly previous: string;
    readonly next: string;
    readonly newRows: (count: number) => string;
  };
  readonly facets: {
    readonly clearSearch: string;
    readonly clearAll: string;
    readonly remove: (label: string) => string;
    readonly any: string;
  };
  readonly commands: {
    readonly clients: string;
    readonly copyCommand: string;
  };
  readonly secret: {
    readonly once: string;
    readonly saved: string;
  };
  readonly destroy: {
    readonly typeName: (name: string) => string;
    readonly nameMismatch: string;
    readonly happens: string;
  };
  readonly states: {
    readonly errorTitle: string;
    readonly requestId: string;
    readonly copyDiagnostics: string;
    readonly deniedTitle: string;
  };
  readonly live: {
    readonly live: string;
    readonly reconnecting: string;
    readonly polling: string;
    readonly paused: string;
    readonly liveHint: string;
    readonly reconnectingHint: string;
    readonly pollingHint: string;
    readonly pausedHint: string;
  };
  readonly form: {
    readonly problems: (count: number) => string;
  };
  readonly palette: {
    readonly title: string;
    readonly placeholder: string;
    readonly nothing: string;
    readonly results: (count: number) => string;
    readonly hint: string;
  };
  readonly keyboard: {
    readonly title: string;
  };
}
