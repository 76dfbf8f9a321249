export { PersonalTokenModule } from './personal-token.module.ts';
