import { isInNetwork, parseAddress } from '@moorage/contracts';

/** Whether a robot may be used from an address. Without a list from everywhere; an address nobody can read is in no list. */
export function isUsableFrom(allowed: readonly string[] | undefined, address: string): boolean {
  if (allowed === undefined || allowed.length === 0) return true;
  const bytes = parseAddress(address.split('%', 1)[0] ?? '');
  if (!bytes) return false;
  return allowed.some((network) => {
    const [text = '', bits] = network.split('/', 2);
    const base = parseAddress(text);
    return base !== null && isInNetwork(bytes, base, bits === undefined ? base.length * 8 : Number(bits));
  });
}

/** What somebody is told who used a robot's right secret from a wrong place. */
export function wrongPlace(username: string, address: string): string {
  return `${username} may not be used from ${address}: ask its owner to add the address to its list.`;
}
