/** An address as bytes: 4 for IPv4, 16 for IPv6. */
export type AddressBytes = readonly number[];

const V4_EMBEDDED: readonly AddressBytes[] = [
  // ::ffff:0:0/96, IPv4-mapped (RFC 4291)
  [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
  // ::ffff:0:0:0/96, IPv4-translated (RFC 7915)
  [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0],
  // 64:ff9b::/96, NAT64 (RFC 6052)
  [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0],
];

/**
 * Reads an IPv4 address in four decimal parts or an IPv6 address (no zone). An IPv6 address that stands for an IPv4 one
 * (mapped, translated, NAT64) is read as that. Null for anything else.
 */
export function parseAddress(text: string): AddressBytes | null {
  const bytes = text.includes(':') ? parseV6(text) : parseV4(text);
  if (bytes?.length !== 16) return bytes;
  const embedded = V4_EMBEDDED.some((prefix) => prefix.every((byte, index) => bytes[index] === byte));
  return embedded ? bytes.slice(12) : bytes;
}

/** Whether an address lies in the network of the first `bits` bits of `base`; never across families. */
export function isInNetwork(address: AddressBytes, base: AddressBytes, bits: number): boolean {
  if (address.length !== base.length) return false;
  return address.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((base[index] ?? 0) & mask);
  });
}

function parseV4(text: string): AddressBytes | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

function parseV6(text: string): AddressBytes | null {
  const halves = text.split('::');
  if (text.length > 45 || halves.length > 2) return null;
  const head = groupsOf(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '', true) : [];
  if (!head || !tail) return null;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** The bytes of groups joined by colons; the last may be an IPv4 address when `mayEndInV4`. */
function groupsOf(text: string, mayEndInV4: boolean): AddressBytes | null {
  if (text === '') return [];
  const groups = text.split(':');
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (mayEndInV4 && index === groups.length - 1 && group.includes('.')) {
      const v4 = parseV4(group);
      if (!v4) return null;
      bytes.push(...v4);
    } else if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 0xff);
    } else return null;
  }
  return bytes;
}
