export { RobotModule } from './robot.module.ts';
export { RobotIdentityService } from './robot-identity.service.ts';
