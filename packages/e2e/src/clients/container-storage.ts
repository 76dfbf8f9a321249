import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Settings under which podman and buildah run beside each other and beside the machine's own: storage in the given
 * directory, runc with plain cgroups, and limits that need no special rights. Returns the environment that selects them.
 * `overlay` is quicker for large images and needs a file system below it that can do it. Networks have addresses of their
 * own: podman's name server is one for the machine and keeps the names of a run that was killed, by the address it asked.
 */
export function containerStorage(directory: string, driver: 'vfs' | 'overlay' = 'vfs'): Record<string, string> {
  const storage = join(directory, 'storage.conf');
  const containers = join(directory, 'containers.conf');
  writeFileSync(
    storage,
    `[storage]\ndriver = "${driver}"\ngraphroot = "${directory}/graph"\nrunroot = "${directory}/run"\n`,
  );
  writeFileSync(
    containers,
    `[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "${directory}/libpod"
[network]
network_config_dir = "${directory}/networks"
default_subnet_pools = [{ base = "10.${randomInt(128, 254)}.${randomInt(256)}.0/24", size = 24 }]
`,
  );
  // `podman run` refuses a file of credentials that is named but missing.
  const credentials = join(directory, 'auth.json');
  writeFileSync(credentials, '{}');
  return {
    CONTAINERS_CONF: containers,
    CONTAINERS_STORAGE_CONF: storage,
    REGISTRY_AUTH_FILE: credentials,
    TMPDIR: directory,
  };
}
