import type { Database } from '@moorage/database';
import { SystemClock } from '../../clock/index.ts';
import { SettingsService } from '../../settings/index.ts';
import { SettingsStore } from '../../settings/settings.store.ts';
import { Connector } from '../connector.ts';
import { EgressEnvironment, type EgressVariables } from '../egress-environment.ts';
import { EgressService } from '../egress.service.ts';
import { RefusalStore } from '../refusal.store.ts';

/** Addresses by name, separated by spaces; several lists are answered one after the other, the last one for ever. */
export type Names = Readonly<Record<string, string | readonly string[]>>;

/** The door as the product has it, with names of the test's own. */
export function egressWith(
  database: Database,
  variables: EgressVariables,
  names: Names = {},
  resolve = resolverOf(names),
): EgressService {
  const environment = new EgressEnvironment(variables);
  const settings = new SettingsService(new SettingsStore(database), new SystemClock());
  const connector = new Connector(environment, resolve);
  return new EgressService(settings, environment, connector, new RefusalStore(database));
}

function resolverOf(names: Names): NonNullable<ConstructorParameters<typeof Connector>[1]> {
  const asked = new Map<string, number>();
  return (host) => {
    const lists = [names[host] ?? []].flat();
    const turn = asked.get(host) ?? 0;
    asked.set(host, turn + 1);
    const addresses = lists[Math.min(turn, lists.length - 1)];
    if (addresses === undefined) return Promise.reject(new Error(`getaddrinfo ENOTFOUND ${host}`));
    return Promise.resolve(addresses.split(' ').map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
}
