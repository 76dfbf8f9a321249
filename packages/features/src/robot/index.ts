export { RobotModule } from './robot.module.ts';
export { type NamedGrant, namedGrant } from './robot.rules.ts';
export type { NewGrant } from './robot.store.ts';
export { type AskedGrant, EVERY_PROJECT, readGrants } from './robot-grant.rules.ts';
export { isUsableFrom, wrongPlace } from './robot-address.rules.ts';
export { RobotIdentityService } from './robot-identity.service.ts';
export { endRobots, endRobotsProcessor } from './robot.jobs.ts';
export { SOMEWHERE, SYSTEM_LEVEL } from './robot-use.rules.ts';
export { RobotRightService } from './robot-right.service.ts';
