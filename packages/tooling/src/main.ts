import { COMMANDS } from './commands.ts';
import { CommandFailed } from './command-failed.ts';
import { ProgramFailed } from './program.ts';

const [name = 'start', ...args] = process.argv.slice(2);
const command = COMMANDS[name];

if (!command) {
  console.error(`There is no command ${name}. Commands: ${Object.keys(COMMANDS).join(', ')}`);
  process.exitCode = 64;
} else {
  try {
    await command.run(args);
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** A failed program has said why by itself; what we throw on purpose is a message for a person, the rest is a bug. */
function report(error: unknown): number {
  if (error instanceof ProgramFailed) return error.exitCode;
  if (!(error instanceof CommandFailed)) console.error(error);
  else if (error.message !== '') console.error(error.message);
  return error instanceof CommandFailed ? error.exitCode : 1;
}
