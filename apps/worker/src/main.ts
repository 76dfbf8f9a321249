import 'reflect-metadata';
import { loadConfigOrExit } from '@moorage/config';
import { Logger } from '@moorage/features/platform';
import { startWorker } from './worker.ts';

const config = loadConfigOrExit();
const logger = new Logger(config.logLevel);

try {
  const worker = await startWorker(config, logger);
  process.send?.({ type: 'ready' });
  const stop = (): void => {
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('worker did not stop cleanly', { error });
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (error) {
  logger.error('worker cannot start', { error });
  process.exit(1);
}
