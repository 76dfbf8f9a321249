import { type AddressBytes, isInNetwork, parseAddress, type RefusalReason } from '@moorage/contracts';

/** What an address is: `public` may be called by default, everything else may not. */
export type AddressKind =
  | 'public'
  | Extract<
      RefusalReason,
      'loopback' | 'private' | 'shared' | 'link-local' | 'metadata' | 'multicast' | 'unspecified' | 'reserved'
    >;

/** The special-purpose registries of IANA (RFC 6890 and later), and the metadata services of clouds, which come first. */
const SPECIAL: readonly (readonly [network: string, kind: AddressKind])[] = [
  ['169.254.169.254/32', 'metadata'],
  ['169.254.170.2/32', 'metadata'],
  ['169.254.170.23/32', 'metadata'],
  ['100.100.100.200/32', 'metadata'],
  ['168.63.129.16/32', 'metadata'],
  ['192.0.0.192/32', 'metadata'],
  ['fd00:ec2::254/128', 'metadata'],
  ['fd00:ec2::23/128', 'metadata'],
  ['fd20:ce::254/128', 'metadata'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'reserved'],
  ['198.51.100.0/24', 'reserved'],
  ['203.0.113.0/24', 'reserved'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['64:ff9b:1::/48', 'private'],
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'reserved'],
  ['2002::/16', 'reserved'],
  ['3fff::/20', 'reserved'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'private'],
  ['ff00::/8', 'multicast'],
];

const TABLE = SPECIAL.map(([network, kind]) => {
  const [base = '', bits = ''] = network.split('/');
  const bytes = parseAddress(base);
  if (!bytes) throw new Error(`the address table holds ${network}`);
  return { base: bytes, bits: Number(bits), kind };
});

const GLOBAL_UNICAST = { base: parseAddress('2000::') as AddressBytes, bits: 3 };

/**
 * What an address is. Addresses that stand for an IPv4 one are judged as that by {@link parseAddress}; of IPv6 only what
 * IANA has given out for hosts (2000::/3) is public.
 */
export function kindOfAddress(address: AddressBytes): AddressKind {
  const special = TABLE.find(({ base, bits }) => isInNetwork(address, base, bits));
  if (special) return special.kind;
  return address.length === 4 || isInNetwork(address, GLOBAL_UNICAST.base, GLOBAL_UNICAST.bits) ? 'public' : 'reserved';
}
