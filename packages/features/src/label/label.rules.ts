import { type AnswerOf, AppError, type getLabel } from '@moorage/contracts';

export interface LabelRow {
  readonly id: number;
  /** Null for a global label. */
  readonly projectId: number | null;
  readonly name: string;
  readonly description: string;
  readonly color: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * The project a request means, or null for the global labels; without a scope a project id tells. Throws BAD_REQUEST when
 * scope and project id contradict each other.
 */
export function labelScope(asked: {
  readonly scope?: 'g' | 'p' | undefined;
  readonly project_id?: number | undefined;
}) {
  const projectId = asked.project_id === undefined || asked.project_id === 0 ? null : asked.project_id;
  if (asked.scope === 'p' && projectId === null) {
    throw new AppError('BAD_REQUEST', 'project_id: say which project, or ask for the global labels with scope g.');
  }
  if (asked.scope === 'g' && projectId !== null) {
    throw new AppError(
      'BAD_REQUEST',
      'project_id: a global label (scope g) has no project; leave it out or use scope p.',
    );
  }
  return projectId;
}

/** A label on the wire. */
export function labelView(row: LabelRow): AnswerOf<typeof getLabel> {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    color: row.color,
    scope: row.projectId === null ? 'g' : 'p',
    project_id: row.projectId ?? 0,
    creation_time: row.createdAt,
    update_time: row.updatedAt,
  };
}
