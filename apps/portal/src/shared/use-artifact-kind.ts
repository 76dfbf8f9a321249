import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

const KINDS = ['IMAGE', 'CHART', 'CNAB', 'WASM', 'CNAI', 'SBOM', 'UNKNOWN'] as const;

/** What an artifact is, by the type of the API, in the reader's words; a type this portal does not know keeps its name. */
export function useArtifactKind(): (type: string) => string {
  const { t } = useTranslation('shared');
  return useCallback(
    (type) => {
      const known = KINDS.find((kind) => kind === type);
      return known === undefined ? type.charAt(0) + type.slice(1).toLowerCase() : t(`artifactKind.${known}`);
    },
    [t],
  );
}
