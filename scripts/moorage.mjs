// The one entry of every command. Needs only Node >= 18 and npm; brings the pinned Node and pnpm into .tools.
import { bootstrap } from './bootstrap.mjs';

const [command = 'start', ...args] = process.argv.slice(2);
const tools = await bootstrap();
process.exitCode = await tools.run(command, args);
