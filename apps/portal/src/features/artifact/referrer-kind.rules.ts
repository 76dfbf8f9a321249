import type { Referrer } from '@moorage/contracts';

export type ReferrerKind = 'signature' | 'attestation' | 'sbom' | 'other';

/** What a referrer is, by Harbor's accessory type first and the media types in use otherwise. */
export function kindOfReferrer(row: Pick<Referrer, 'accessory_type' | 'artifact_type'>): ReferrerKind {
  if (row.accessory_type.startsWith('signature.')) return 'signature';
  if (row.accessory_type.startsWith('sbom.') || /spdx|cyclonedx|sbom/.test(row.artifact_type)) return 'sbom';
  if (/in-toto|attestation|slsa/.test(row.artifact_type)) return 'attestation';
  if (/signature|sigstore|cosign|notary/.test(row.artifact_type)) return 'signature';
  return 'other';
}
