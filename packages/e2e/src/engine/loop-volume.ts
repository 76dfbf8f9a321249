import { mkdirSync, openSync, closeSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { createTempDirectory, type TempDirectory } from '@moorage/testing';
import { runProgram } from '../target/run-program.ts';

/** EXT4_IOC_SHUTDOWN with NOLOGFLUSH: the file system forgets at once all that was not synced, as in a power cut. */
const SHUTDOWN = 'open(F, "<", $ARGV[0]) or die $!; my $how = pack("L", 2); ioctl(F, 0x8004587d, $how) or die $!';

/** A small file system of its own in a file. Needs root. */
export class LoopVolume {
  readonly path: string;
  readonly #directory: TempDirectory;
  readonly #image: string;

  private constructor(directory: TempDirectory) {
    this.#directory = directory;
    this.#image = join(directory.path, 'volume.img');
    this.path = join(directory.path, 'mount');
  }

  static async create(megabytes: number): Promise<LoopVolume> {
    const volume = new LoopVolume(createTempDirectory('volume'));
    closeSync(openSync(volume.#image, 'w'));
    truncateSync(volume.#image, megabytes * 1024 * 1024);
    mkdirSync(volume.path);
    try {
      await runProgram('mkfs.ext4', ['-q', volume.#image]);
      await volume.mount();
    } catch (error) {
      await volume.remove();
      throw error;
    }
    return volume;
  }

  async mount(): Promise<void> {
    await runProgram('mount', ['-o', 'loop', this.#image, this.path]);
  }

  async unmount(): Promise<void> {
    await runProgram('umount', [this.path]);
  }

  /** Takes the power from the file system. What runs on it gets errors from now on. */
  async cutPower(): Promise<void> {
    // A file, because Perl does not open directories for this.
    await runProgram('perl', ['-e', SHUTDOWN, join(this.path, 'root/metadata.sqlite')]);
  }

  async remove(): Promise<void> {
    await this.unmount().catch(() => undefined);
    this.#directory.remove();
  }
}
