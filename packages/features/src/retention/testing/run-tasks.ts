import { randomUUID } from 'node:crypto';
import type { Database } from '@moorage/database';
import { type Processor, TaskStore } from '@moorage/jobs';

/** Runs what executions have left to do, as a worker would, in this process; the lines of their logs. */
export async function runTasks(database: Database, processors: readonly Processor[]): Promise<string[]> {
  const store = new TaskStore(database);
  const lines: string[] = [];
  for (;;) {
    const [delivery] = await store.listUnannounced(1);
    if (!delivery) return lines;
    await store.markEnqueued([delivery.taskId]);
    const task = await store.claim(delivery.taskId, randomUUID());
    const found = processors.find(({ definition }) => definition.name === task?.job);
    if (!task || !found) throw new Error(`nobody runs task ${delivery.taskId}`);
    try {
      await found.run({
        taskId: task.id,
        executionId: task.executionId,
        payload: found.definition.payload.parse(task.payload),
        signal: new AbortController().signal,
        report: (facts) => store.report(task, facts),
        summarise: (facts) => store.summarise(task.executionId, facts),
        count: (sql, done) => store.count(sql, task, done),
        logged: () => Promise.resolve(),
        log: (text) => void lines.push(text),
        spawn: async (tasks) => void (await store.addTasks(task.executionId, tasks)),
        hold: (tasks, message) => store.hold(task.executionId, tasks, message),
      });
      await store.finish(task.id, 'Success', '');
    } catch (error) {
      await store.finish(task.id, 'Error', error instanceof Error ? error.message : String(error));
    }
  }
}
