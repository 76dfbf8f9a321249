import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

interface Requirement {
  /** The command or sentence that tells how to get it. */
  readonly install: string;
  /** False when no package registry serves it: then MOORAGE_REQUIRE_ALL does not insist on it. */
  readonly obtainable?: false;
}

const debian = (name: string): Requirement => ({ install: `apt-get install -y ${name}` });
const go = (path: string): Requirement => ({ install: `go install ${path}` });

/** Programs that some suites need, by the name of the executable, and how to get them. */
const REQUIREMENTS: Readonly<Record<string, Requirement>> = {
  buildah: debian('buildah'),
  busybox: debian('busybox-static'),
  chromium: debian('chromium'),
  cosign: go('github.com/sigstore/cosign/v2/cmd/cosign@v2.6.5'),
  crane: go('github.com/google/go-containerregistry/cmd/crane@v0.22.1'),
  docker: debian('docker.io'),
  dockerd: debian('docker.io'),
  gcc: debian('gcc libc6-dev'),
  ctr: debian('containerd'),
  ip: debian('iproute2'),
  nginx: debian('nginx-light'),
  'oci-conformance': {
    install: 'build opencontainers/distribution-spec/conformance with Go and put it in PATH as oci-conformance',
    obtainable: false,
  },
  openssl: debian('openssl'),
  'mkfs.ext4': debian('e2fsprogs'),
  oras: {
    install:
      'go mod init x && go mod edit -require oras.land/oras@v1.2.3 && go build -mod=mod -o ~/go/bin/oras oras.land/oras/cmd/oras (in an empty directory)',
  },
  podman: debian('podman'),
  'podman-compose': debian('podman-compose'),
  'redis-server': debian('redis-server'),
  /** Not a program: the rights to start daemons and mount file systems. */
  root: { install: 'run the tests as root', obtainable: false },
  skopeo: debian('skopeo'),
  slapd: debian('slapd'),
  strace: debian('strace'),
  unshare: debian('util-linux'),
};

/** The executable's path: searched in PATH, then where Go and Debian put programs that PATH may lack. */
export function programPath(name: string): string | null {
  const directories = (process.env.PATH ?? '').split(delimiter);
  for (const directory of [...directories, join(homedir(), 'go/bin'), '/usr/local/sbin', '/usr/sbin', '/sbin']) {
    const path = join(directory, name);
    if (directory !== '' && isExecutable(path)) return path;
  }
  return null;
}

export function hasProgram(name: string): boolean {
  return name === 'root' ? process.getuid?.() === 0 : programPath(name) !== null;
}

/** How to get a program, as a command for a person. */
export function installCommand(name: string): string {
  return REQUIREMENTS[name]?.install ?? debian(name).install;
}

/** Whether MOORAGE_REQUIRE_ALL may insist on a program. */
export function isObtainable(name: string): boolean {
  return REQUIREMENTS[name]?.obtainable ?? true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
