import * as artifact from './artifact/artifact.api.ts';
import * as content from './artifact/content.api.ts';
import * as tag from './artifact/tag.api.ts';
import * as project from './project/project.api.ts';
import * as repository from './repository/repository.api.ts';
import * as robot from './robot/robot.api.ts';
import * as session from './session/session.api.ts';
import * as user from './user/user.api.ts';
import type { Endpoint } from './wire/endpoint.ts';

const ROOMS: readonly Readonly<Record<string, unknown>>[] = [
  session,
  user,
  project,
  repository,
  artifact,
  tag,
  content,
  robot,
];

/** Every operation of the wire, in the order of the rooms; for the reference, the route table test and drift checks. */
export const ENDPOINTS: readonly Endpoint[] = ROOMS.flatMap((room) => Object.values(room).filter(isEndpoint));

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === 'object' && value !== null && 'access' in value && 'method' in value;
}
