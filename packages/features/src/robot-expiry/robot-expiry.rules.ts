import type { DomainEvent } from '../outbox/index.ts';

/** A robot whose life ends or has ended. */
export interface EndingRobot {
  readonly id: number;
  readonly projectId: number | null;
  /** Full name. */
  readonly name: string;
  readonly expiresAt: Date;
}

/** Tells that a robot expired and was disabled, or will expire; nobody called for it. */
export function expiryEvent(name: 'robot.expired' | 'robot.expires-soon', robot: EndingRobot): DomainEvent {
  const at = robot.expiresAt.toISOString();
  const [operation, description] =
    name === 'robot.expired'
      ? ['disable', `robot ${robot.name} expired at ${at} and was disabled`]
      : ['remind', `robot ${robot.name} expires at ${at}`];
  return {
    name,
    projectId: robot.projectId,
    data: { robotId: robot.id, name: robot.name, expiresAt: at },
    audit: {
      actorKind: 'system',
      actorId: null,
      username: 'system',
      credentialKind: 'internal',
      clientAddress: '',
      userAgent: '',
      requestId: '',
      resourceType: 'robot',
      resource: robot.name,
      operation,
      description,
      succeeded: true,
      status: 200,
    },
  };
}
