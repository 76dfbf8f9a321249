import { readFileSync } from 'node:fs';
import { type Artifact, ImageFactory, programPath, type TarEntry } from '@moorage/testing';

const APPLETS = ['sh', 'cat', 'echo', 'ls', 'mkdir', 'sha256sum'];

/** An image of one static program, busybox, that prints `greeting` when it is run. Needs Debian's busybox-static. */
export function runnableImage(greeting: string, format: 'oci' | 'docker' = 'oci'): Artifact {
  const busybox = programPath('busybox');
  if (busybox === null) throw new Error('busybox is not installed');
  const entries: TarEntry[] = [
    { path: 'bin/' },
    { path: 'etc/' },
    { path: 'tmp/', mode: 0o1777 },
    { path: 'bin/busybox', content: readFileSync(busybox), mode: 0o755 },
    ...APPLETS.map((name) => ({ path: `bin/${name}`, linkTo: 'busybox' })),
    { path: 'etc/passwd', content: 'root:x:0:0:root:/:/bin/sh\n' },
  ];
  const factory = new ImageFactory(`runnable/${greeting}`);
  const type = format === 'docker' ? 'application/vnd.docker.image.rootfs.diff.tar.gzip' : undefined;
  const options = {
    layers: [factory.layer(entries, type), factory.layer([{ path: 'etc/greeting', content: greeting }], type)],
    run: { Cmd: ['/bin/cat', '/etc/greeting'], Env: ['PATH=/bin'] },
  };
  return format === 'docker' ? factory.dockerImage(options) : factory.image(options);
}
