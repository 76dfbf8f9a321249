import { z } from 'zod';
import { retentionRule } from './retention-policy.schema.ts';

/** Something that reads differently here, or not at all, and where. */
const note = z.object({ path: z.string(), text: z.string() });

/**
 * A lifecycle policy of Amazon ECR: `rules`, with or without `$schema`; or what `aws ecr get-lifecycle-policy` prints,
 * where the policy is the JSON in `lifecyclePolicyText`. It is read by hand, so that every mistake is answered with its
 * place; the schema only bounds it.
 */
export const lifecyclePolicy = z
  .strictObject({
    $schema: z.string().max(2048).optional(),
    rules: z.array(z.unknown()).max(1000).optional(),
    lifecyclePolicyText: z.string().max(30_720).optional(),
    registryId: z.string().max(64).optional(),
    repositoryName: z.string().max(256).optional(),
    /** Seconds since 1970, or ISO 8601: the versions of the command differ. */
    lastEvaluatedAt: z.union([z.number(), z.string().max(64)]).optional(),
  })
  .meta({ id: 'LifecyclePolicy' });
export type LifecyclePolicy = z.input<typeof lifecyclePolicy>;

/** Rules to look at, change and save; nothing is saved by reading. */
export const lifecyclePolicyImport = z
  .object({ rules: z.array(retentionRule.omit({ id: true })), notes: z.array(note) })
  .meta({ id: 'LifecyclePolicyImport' });
export type LifecyclePolicyImport = z.infer<typeof lifecyclePolicyImport>;

export const lifecyclePolicyExport = z
  .object({
    lifecycle_policy: z.object({
      rules: z.array(
        z.object({
          rulePriority: z.int(),
          description: z.string().optional(),
          selection: z.object({
            tagStatus: z.enum(['tagged', 'untagged', 'any']),
            tagPrefixList: z.array(z.string()).optional(),
            tagPatternList: z.array(z.string()).optional(),
            countType: z.enum(['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled']),
            countNumber: z.int(),
            countUnit: z.literal('days').optional(),
          }),
          action: z.object({ type: z.literal('expire') }),
        }),
      ),
    }),
    /** What ECR cannot say: nothing is left out in silence. */
    notes: z.array(note),
  })
  .meta({ id: 'LifecyclePolicyExport' });
export type LifecyclePolicyExport = z.infer<typeof lifecyclePolicyExport>;
