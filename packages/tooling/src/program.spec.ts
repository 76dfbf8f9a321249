import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';

/** A program that takes a moment to end in order, and tells of both. */
const PROGRAM = `
  process.once('SIGTERM', () => setTimeout(() => { console.log('ended in order'); process.exit(7); }, 50));
  setInterval(() => undefined, 1000);
  console.log('runs');`;
const RUNNER = `
  const { runProgram } = await import(${JSON.stringify(join(import.meta.dirname, 'program.ts'))});
  const args = ['-e', ${JSON.stringify(PROGRAM)}];
  await runProgram(process.execPath, args, { passesOrders: true }).catch(({ exitCode }) => process.exit(exitCode));`;

describe('a program that orders to end are passed on to', () => {
  it('ends in its own order, and is waited for', async () => {
    const runner = spawn(process.execPath, ['--input-type=module', '-e', RUNNER], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(runner, 'close');
    const lines: string[] = [];
    for await (const line of createInterface(runner.stdout)) {
      lines.push(line);
      if (line === 'runs') runner.kill('SIGTERM');
    }
    expect(lines).toEqual(['runs', 'ended in order']);
    expect(await closed).toEqual([7, null]);
  });
});
