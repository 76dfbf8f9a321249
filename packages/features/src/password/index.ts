export { isGuessablePassword } from './guessable-password.ts';
export { PASSWORD_CHECKS_AT_ONCE, PasswordHasher } from './password-hasher.ts';
export { PasswordModule } from './password.module.ts';
