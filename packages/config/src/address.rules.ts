import type { Config } from './load.ts';

/**
 * The address clients use: the configured one, else the one listened on. `port` is the port in use, which differs from
 * the configured one when that is 0. A wildcard address becomes localhost.
 */
export function externalUrlOf(config: Pick<Config, 'externalUrl' | 'host'>, port: number): string {
  return config.externalUrl ?? listeningUrlOf(config, port);
}

/** The address under which this machine itself reaches the server, whatever clients use. */
export function listeningUrlOf(config: Pick<Config, 'host'>, port: number): string {
  const wildcard = config.host === '0.0.0.0' || config.host === '::';
  const host = wildcard ? 'localhost' : config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${port}`;
}
