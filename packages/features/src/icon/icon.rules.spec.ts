import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { findIcon, iconOf } from './icon.rules.ts';

describe('icons', () => {
  it('are there for every type, named by the digest of their bytes', () => {
    for (const type of ['IMAGE', 'CHART', 'CNAB', 'WASM', 'CNAI', 'SBOM', 'UNKNOWN', 'signature.cosign', '__proto__']) {
      const digest = iconOf(type);
      const icon = findIcon(digest);
      expect(
        `sha256:${createHash('sha256')
          .update(icon?.bytes ?? '')
          .digest('hex')}`,
      ).toBe(digest);
    }
    expect(iconOf('ROCKET')).toBe(iconOf('UNKNOWN'));
    expect(iconOf('sbom.harbor')).toBe(iconOf('SBOM'));
    expect(iconOf('signature.notation')).not.toBe(iconOf('subject.accessory'));
  });

  it('are the only things found by digest', () => {
    expect(findIcon(`sha256:${'0'.repeat(64)}`)).toBeNull();
  });
});
