/** What the AWS command line prints with a policy. */
const ANSWER_KEYS: readonly string[] = ['registryId', 'repositoryName', 'lifecyclePolicyText', 'lastEvaluatedAt'];

/** A lifecycle policy taken out of what it came in, with what is wrong and what is worth knowing. */
export interface UnwrappedPolicy {
  /** Undefined when there is a problem. */
  readonly policy?: unknown;
  readonly problems: string[];
  readonly notes: { path: string; text: string }[];
}

/**
 * The policy in a document. One with `lifecyclePolicyText` is what `aws ecr get-lifecycle-policy` and
 * `put-lifecycle-policy` print: there the policy is JSON in a text. Every other document is the policy itself.
 */
export function unwrapLifecyclePolicy(document: unknown): UnwrappedPolicy {
  if (!isObject(document) || document.lifecyclePolicyText === undefined) {
    return { policy: document, problems: [], notes: [] };
  }
  const problems = Object.keys(document)
    .filter((key) => !ANSWER_KEYS.includes(key))
    .map(
      (key) => `${key}: does not go with lifecyclePolicyText; send the policy, or what the AWS command line prints.`,
    );
  const policy = readJson(document.lifecyclePolicyText);
  if (policy === undefined) {
    problems.push('lifecyclePolicyText: is not JSON; send it as the AWS command line prints it.');
  }
  const { repositoryName: name } = document;
  const notes =
    typeof name === 'string'
      ? [
          {
            path: 'repositoryName',
            text: `In ECR it is about ${name} alone; here its rules are about every repository.`,
          },
        ]
      : [];
  return problems.length > 0 ? { problems, notes } : { policy, problems, notes };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readJson(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
