import type { Accessory } from '@moorage/contracts';

export type ReferrerKind = 'signature' | 'attestation' | 'sbom' | 'other';

/** What an accessory is, by Harbor's type first and the media types in use otherwise. */
export function kindOfAccessory(row: Pick<Accessory, 'type' | 'artifact_type'>): ReferrerKind {
  const artifactType = row.artifact_type ?? '';
  if (row.type.startsWith('signature.')) return 'signature';
  if (row.type.startsWith('sbom.') || /spdx|cyclonedx|sbom/.test(artifactType)) return 'sbom';
  if (/in-toto|attestation|slsa/.test(artifactType)) return 'attestation';
  if (/signature|sigstore|cosign|notary/.test(artifactType)) return 'signature';
  return 'other';
}
