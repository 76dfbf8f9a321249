/** A component that a bill of materials names. */
export interface SbomPackage {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** What it was packed by, such as `npm` or `deb`; empty when it is not told. */
  readonly kind: string;
}

export interface Sbom {
  /** The format with its version, as the document names it. */
  readonly format: string;
  readonly packages: readonly SbomPackage[];
}

const UNSAID = new Set(['NOASSERTION', 'NONE', '']);

/** Reads a bill of materials in SPDX 2 or CycloneDX JSON; null for anything else. By name, then version. */
export function sbomOf(text: string): Sbom | null {
  const document = parsed(text);
  if (!isRecord(document)) return null;
  const spdx = textOf(document.spdxVersion);
  if (spdx !== '')
    return { format: spdx.replace('-', ' '), packages: sorted(recordsOf(document.packages).map(ofSpdx)) };
  if (document.bomFormat !== 'CycloneDX') return null;
  const format = `CycloneDX ${textOf(document.specVersion)}`.trim();
  return { format, packages: sorted(recordsOf(document.components).map(ofCycloneDx)) };
}

/** The packages whose name, version or licence holds the text, in any case. */
export function packagesWith(packages: readonly SbomPackage[], text: string): readonly SbomPackage[] {
  const wanted = text.toLowerCase();
  return packages.filter(({ name, version, licence }) =>
    `${name}\n${version}\n${licence}`.toLowerCase().includes(wanted),
  );
}

function ofSpdx(entry: Record<string, unknown>): SbomPackage {
  const purl = recordsOf(entry.externalRefs).find((ref) => ref.referenceType === 'purl')?.referenceLocator;
  const licences = [textOf(entry.licenseConcluded), textOf(entry.licenseDeclared)];
  return {
    name: textOf(entry.name),
    version: textOf(entry.versionInfo),
    licence: licences.find((licence) => !UNSAID.has(licence)) ?? '',
    kind: kindOfPurl(textOf(purl)),
  };
}

function ofCycloneDx(entry: Record<string, unknown>): SbomPackage {
  const licences = recordsOf(entry.licenses).map((choice) => {
    const licence = isRecord(choice.license) ? choice.license : {};
    return textOf(choice.expression) || textOf(licence.id) || textOf(licence.name);
  });
  const group = textOf(entry.group);
  return {
    name: group === '' ? textOf(entry.name) : `${group}/${textOf(entry.name)}`,
    version: textOf(entry.version),
    licence: licences.filter(Boolean).join(', '),
    kind: kindOfPurl(textOf(entry.purl)) || textOf(entry.type),
  };
}

function kindOfPurl(purl: string): string {
  return /^pkg:([a-z0-9.+-]{1,40})\//i.exec(purl)?.[1] ?? '';
}

function sorted(packages: readonly SbomPackage[]): readonly SbomPackage[] {
  const order = new Intl.Collator('en', { numeric: true });
  return packages.toSorted((a, b) => order.compare(a.name, b.name) || order.compare(a.version, b.version));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
