export { IconModule } from './icon.module.ts';
export { iconOf } from './icon.rules.ts';
