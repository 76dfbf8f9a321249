import { RegistryError } from '../error.ts';

/** The manifest cannot be accepted; `reason` completes the sentence "the manifest is refused: …". */
export function invalidManifest(reason: string): RegistryError {
  return new RegistryError('MANIFEST_INVALID', `the manifest is refused: ${reason}`);
}
