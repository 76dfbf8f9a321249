import { measure } from '../machine/measure.ts';
import type { RunningRegistry } from '../registry/contender.ts';
import { askPlan, lineOf, perSecond, type TokenRun } from './asking.ts';
import type { Askers } from './callers.ts';
import type { GuessingResult } from './result.ts';

const GUESSES = 5000;
/** Below the limits of one name and of one address, so that as many passwords as possible are really checked. */
const GUESSING_CONNECTIONS = 500;
const ROBOT_CONNECTIONS = 4;
/** Long enough that the moment in which they all connect is no hundredth of it. */
const SECONDS = 15;

/** S13: whether robots, whose secrets need no slow hash, are served as before while many others guess passwords. */
export async function measureGuessing(
  run: TokenRun,
  product: RunningRegistry,
  askers: Askers,
): Promise<GuessingResult> {
  const { client } = run;
  const askRobots = () =>
    client.run(askPlan(askers.robots), {
      port: product.port,
      headers: [],
      connections: ROBOT_CONNECTIONS,
      seconds: SECONDS,
      ownAddresses: true,
    });
  const wrong = Array.from({ length: GUESSES }, (_, number) => ({
    name: askers.local[number % askers.local.length]?.name ?? '',
    secret: `wrong-${number}`,
  }));
  const guess = () =>
    client.run(askPlan(wrong), {
      port: product.port,
      headers: [],
      connections: GUESSING_CONNECTIONS,
      ownAddresses: true,
    });
  const alone = await measure(product, askRobots, perSecond);
  let guessStatuses: GuessingResult['guessStatuses'] = {};
  const beside = await measure(
    product,
    async () => {
      const [robots, guesses] = await Promise.all([askRobots(), guess()]);
      guessStatuses = guesses.statuses;
      return robots;
    },
    perSecond,
  );
  run.log(`  robots alone: ${lineOf(alone)}\n  robots beside guesses: ${lineOf(beside)}`);
  run.log(`  guesses: ${JSON.stringify(guessStatuses)}, ${(beside.peakMb - alone.peakMb).toFixed(0)} MB more`);
  return {
    guesses: GUESSES,
    connections: GUESSING_CONNECTIONS,
    guessStatuses,
    robotConnections: ROBOT_CONNECTIONS,
    alone,
    beside,
  };
}
