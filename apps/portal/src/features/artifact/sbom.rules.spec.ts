import { describe, expect, it } from 'vitest';
import { packagesWith, sbomOf } from './sbom.rules.ts';

const SPDX = {
  spdxVersion: 'SPDX-2.3',
  packages: [
    { name: 'zlib', versionInfo: '1.3', licenseConcluded: 'NOASSERTION', licenseDeclared: 'Zlib' },
    {
      name: 'left-pad',
      versionInfo: '1.10.0',
      licenseConcluded: 'MIT',
      externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/left-pad@1.10.0' }],
    },
    { name: 'left-pad', versionInfo: '1.9.0', externalRefs: 'none' },
    'not a package',
  ],
};
const CYCLONE = {
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  components: [
    {
      group: '@scope',
      name: 'part',
      version: '2',
      type: 'library',
      licenses: [{ license: { id: 'MIT' } }, { license: { name: 'Own' } }],
    },
    { name: 'base', version: '1', type: 'operating-system', licenses: [{ expression: 'MIT OR Apache-2.0' }] },
  ],
};

describe('a bill of materials', () => {
  it('is read from SPDX, by name and version', () => {
    expect(sbomOf(JSON.stringify(SPDX))).toEqual({
      format: 'SPDX 2.3',
      packages: [
        { name: 'left-pad', version: '1.9.0', licence: '', kind: '' },
        { name: 'left-pad', version: '1.10.0', licence: 'MIT', kind: 'npm' },
        { name: 'zlib', version: '1.3', licence: 'Zlib', kind: '' },
      ],
    });
  });

  it('is read from CycloneDX', () => {
    expect(sbomOf(JSON.stringify(CYCLONE))).toEqual({
      format: 'CycloneDX 1.6',
      packages: [
        { name: '@scope/part', version: '2', licence: 'MIT, Own', kind: 'library' },
        { name: 'base', version: '1', licence: 'MIT OR Apache-2.0', kind: 'operating-system' },
      ],
    });
  });

  it.each(['', '{', '[]', '7', '{"packages":[]}', '{"bomFormat":"Other"}'])('is nothing when it is %j', (text) => {
    expect(sbomOf(text)).toBeNull();
  });

  it('is searched by name, version and licence', () => {
    const { packages } = sbomOf(JSON.stringify(SPDX)) ?? { packages: [] };
    expect(packagesWith(packages, 'LEFT').map(({ version }) => version)).toEqual(['1.9.0', '1.10.0']);
    expect(packagesWith(packages, 'zlib')).toHaveLength(1);
    expect(packagesWith(packages, '1.10')).toHaveLength(1);
    expect(packagesWith(packages, 'gpl')).toEqual([]);
  });
});
