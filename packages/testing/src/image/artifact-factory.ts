import { gzipSync } from 'node:zlib';
import { type Artifact, artifactOf, type Content, contentOf, type Descriptor, jsonContent } from './content.ts';
import type { ImageFactory } from './image-factory.ts';
import { MEDIA_TYPE } from './media-type.ts';
import { tarOf } from './tar.ts';

export interface ArtifactOptions {
  readonly artifactType?: string;
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
  /** `{}` of the OCI empty type unless given. */
  readonly config?: Content;
  /** One `{}` layer of the OCI empty type unless given. */
  readonly layers?: readonly Content[];
}

const EMPTY = contentOf(MEDIA_TYPE.ociEmpty, Buffer.from('{}'));

/** What is not a runnable image, in the shapes that helm, cosign, buildkit and oras push. */
export class ArtifactFactory {
  readonly #images: ImageFactory;

  constructor(images: ImageFactory) {
    this.#images = images;
  }

  /** An OCI image manifest that carries something else, as oras makes it. */
  artifact(options: ArtifactOptions = {}): Artifact {
    const config = options.config ?? EMPTY;
    const layers = options.layers ?? [EMPTY];
    const body = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      artifactType: options.artifactType,
      config: config.descriptor,
      layers: layers.map((layer) => layer.descriptor),
      subject: options.subject,
      annotations: options.annotations,
    };
    return artifactOf(jsonContent(MEDIA_TYPE.ociManifest, body), [], [config, ...layers]);
  }

  /** A Helm chart with its provenance file. */
  helmChart(name: string, version: string): Artifact {
    const chart = `apiVersion: v2\nname: ${name}\nversion: ${version}\n`;
    const archive = gzipSync(tarOf([{ path: `${name}/Chart.yaml`, content: chart }]));
    return this.artifact({
      config: jsonContent(MEDIA_TYPE.helmConfig, { name, version, apiVersion: 'v2' }),
      layers: [
        contentOf(MEDIA_TYPE.helmChart, archive),
        contentOf(MEDIA_TYPE.helmProvenance, Buffer.from(`${name} ${version}\n`)),
      ],
      annotations: { 'org.opencontainers.image.title': name, 'org.opencontainers.image.version': version },
    });
  }

  /** A WebAssembly module. */
  wasmModule(): Artifact {
    const module = Buffer.concat([Buffer.from('0061736d01000000', 'hex'), this.#images.blob(256).bytes]);
    return this.artifact({
      config: jsonContent(MEDIA_TYPE.wasmConfig, {
        created: '2026-01-01T00:00:00Z',
        architecture: 'wasm',
        os: 'wasip2',
      }),
      layers: [contentOf(MEDIA_TYPE.wasmLayer, module)],
    });
  }

  /** A cosign signature in tag form: found by the tag `sha256-<hex>.sig`, no subject member. */
  cosignSignature(subject: Descriptor, repository: string): Artifact {
    const payload = jsonContent(MEDIA_TYPE.cosignPayload, {
      critical: {
        identity: { 'docker-reference': repository },
        image: { 'docker-manifest-digest': subject.digest },
        type: 'cosign container image signature',
      },
      optional: null,
    });
    const signature = this.#images.blob(64).bytes.toString('base64');
    const layer = {
      ...payload,
      descriptor: { ...payload.descriptor, annotations: { 'dev.cosignproject.cosign/signature': signature } },
    };
    const config = jsonContent(MEDIA_TYPE.ociConfig, {
      rootfs: { type: 'layers', diff_ids: [payload.descriptor.digest] },
    });
    return { ...this.artifact({ config, layers: [layer] }), tag: `${subject.digest.replace(':', '-')}.sig` };
  }

  /** A cosign signature in bundle form: a referrer whose type stands at the top and in the config descriptor. */
  cosignBundle(subject: Descriptor): Artifact {
    const bundle = jsonContent(MEDIA_TYPE.sigstoreBundle, {
      mediaType: MEDIA_TYPE.sigstoreBundle,
      nonce: this.#nonce(),
    });
    return this.artifact({
      artifactType: MEDIA_TYPE.sigstoreBundle,
      config: { ...EMPTY, descriptor: { ...EMPTY.descriptor, artifactType: MEDIA_TYPE.sigstoreBundle } },
      layers: [bundle],
      subject,
      annotations: { 'dev.sigstore.bundle.content': 'message-signature', 'dev.sigstore.bundle.predicateType': '' },
    });
  }

  /** A software bill of materials as a referrer. */
  sbom(subject: Descriptor): Artifact {
    const document = jsonContent(MEDIA_TYPE.spdx, { spdxVersion: 'SPDX-2.3', name: this.#nonce(), packages: [] });
    return this.artifact({ artifactType: MEDIA_TYPE.spdx, layers: [document], subject });
  }

  /** An in-toto attestation as a referrer of the subject. */
  attestation(subject: Descriptor): Artifact {
    return this.artifact({ artifactType: MEDIA_TYPE.inToto, layers: [this.#statement(subject)], subject });
  }

  /** An index of an image and buildkit's provenance for it, the provenance being an `unknown/unknown` entry. */
  attestedIndex(): Artifact {
    const image = this.#images.image();
    const attestation = this.artifact({
      artifactType: MEDIA_TYPE.dockerAttestation,
      layers: [this.#statement(image.root.descriptor)],
      subject: image.root.descriptor,
    });
    const descriptor: Descriptor = {
      ...attestation.root.descriptor,
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': image.root.descriptor.digest,
      },
    };
    return this.#images.index([image, { ...attestation, root: { ...attestation.root, descriptor } }]);
  }

  /** A build cache as buildkit wrote it before v0.21: an index whose entries are blobs, not manifests. */
  buildkitCache(): Artifact {
    const layers = [1024, 2048].map((size) => this.#images.seededLayer(size).content);
    const config = jsonContent(MEDIA_TYPE.buildkitCache, { layers: [], records: [], nonce: this.#nonce() });
    const entries = [...layers, config];
    const body = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociIndex,
      manifests: entries.map((entry) => entry.descriptor),
    };
    return artifactOf(jsonContent(MEDIA_TYPE.ociIndex, body), [], entries);
  }

  #statement(subject: Descriptor): Content {
    const [algorithm, hex] = subject.digest.split(':') as [string, string];
    return jsonContent(
      MEDIA_TYPE.inToto,
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject: [{ name: this.#nonce(), digest: { [algorithm]: hex } }],
        predicateType: 'https://slsa.dev/provenance/v1',
        predicate: {},
      },
      { annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v1' } },
    );
  }

  #nonce(): string {
    return this.#images.blob(8).bytes.toString('hex');
  }
}
