import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTempDirectory, type TempDirectory } from '../temp-directory.ts';
import { hasProgram, installCommand, isObtainable, programPath } from './programs.ts';

let directory: TempDirectory;
beforeEach(() => {
  directory = createTempDirectory('programs');
  vi.stubEnv('PATH', directory.path);
});
afterEach(() => {
  vi.unstubAllEnvs();
  directory.remove();
});

describe('programs', () => {
  it('are found in PATH once they may be executed', () => {
    const path = join(directory.path, 'moorage-probe');
    writeFileSync(path, '#!/bin/sh\n');
    expect(hasProgram('moorage-probe')).toBe(false);
    chmodSync(path, 0o755);
    expect(programPath('moorage-probe')).toBe(path);
  });

  it('come with the command that installs them, by their own name when nothing else is known', () => {
    expect(installCommand('docker')).toBe('apt-get install -y docker.io');
    expect(installCommand('tcpdump')).toBe('apt-get install -y tcpdump');
    expect(isObtainable('skopeo')).toBe(true);
    expect(isObtainable('oci-conformance')).toBe(false);
  });
});
