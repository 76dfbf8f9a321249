export { endRobots, endRobotsProcessor } from './robot-expiry.jobs.ts';
