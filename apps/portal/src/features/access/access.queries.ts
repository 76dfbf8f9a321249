import { explainAccess } from '@moorage/contracts';
import { useQuery } from '@tanstack/react-query';
import { objectQuery } from '../../shared/api/query.ts';
import type { AccessSearch } from './access-search.ts';

/** The server's answer, once the question is complete. `project` null asks about the installation. */
export function useExplanation(project: string | null, question: AccessSearch) {
  const { kind = 'user', who, what } = question;
  const complete = what !== undefined && (kind === 'anonymous' || who !== undefined);
  return useQuery({
    ...objectQuery(explainAccess, {
      query: {
        subject_kind: kind,
        ...(kind === 'anonymous' || who === undefined ? {} : { subject: who }),
        ...(project === null ? {} : { project }),
        permission: what ?? '',
      },
    }),
    enabled: complete,
    // A role may have changed a moment ago; that is often why one asks.
    staleTime: 0,
  });
}
