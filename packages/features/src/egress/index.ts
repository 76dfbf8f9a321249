export { type TlsPolicy, tlsOptions } from './connector.ts';
export { EgressEnvironment } from './egress-environment.ts';
export { EgressError, type EgressFailure } from './egress-error.ts';
export { EgressModule } from './egress.module.ts';
export { type EgressConnection, type EgressRequest, EgressService } from './egress.service.ts';
export type { EgressResponse } from './exchange.ts';
export { webFetch } from './web-fetch.ts';
