import 'reflect-metadata';
import { loadConfigOrExit } from '@moorage/config';
import { startCore } from './core.ts';
import { Logger } from '@moorage/features/platform';

const config = loadConfigOrExit();
const logger = new Logger(config.logLevel);

try {
  const core = await startCore(config, logger);
  tellLauncher({ type: 'ready', url: core.url });
  if (core.firstAdmin) announceFirstAdmin(core.firstAdmin);
  logger.info('core serves', { url: core.url });
  const stop = (): void => {
    core.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('core did not stop cleanly', { error });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  logger.error('core cannot start', { error });
  process.exit(1);
}

function tellLauncher(message: object): void {
  process.send?.(message);
}

/** The launcher shows the password; without one it goes to the terminal, never to the log. */
function announceFirstAdmin(admin: { username: string; password: string }): void {
  if (process.send) tellLauncher({ type: 'first-admin', ...admin });
  else
    process.stdout.write(
      `First administrator: ${admin.username}, password ${admin.password} (shown only now; change it at first sign-in)\n`,
    );
}
