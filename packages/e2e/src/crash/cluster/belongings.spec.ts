import { describe, expect, it } from 'vitest';
import { Belongings } from './belongings.ts';

describe('what has been started', () => {
  it('ends in the order that is the reverse of its start, once, whatever one end rejects with', async () => {
    const ended: string[] = [];
    const belongings = new Belongings();
    const end = (it: string) => void ended.push(it);
    await belongings.add(async () => 'database', end);
    await belongings.add(
      async () => 'volume',
      (it) => {
        end(it);
        throw new Error('busy');
      },
    );
    await Promise.all([belongings.abandon(), belongings.abandon()]);
    expect(ended).toEqual(['volume', 'database']);
  });

  it('ends too when it was still being started, and nothing is started afterwards', async () => {
    const ended: string[] = [];
    const start = Promise.withResolvers<string>();
    const belongings = new Belongings();
    const adding = belongings.add(
      () => start.promise,
      (it) => void ended.push(it),
    );
    const abandoned = belongings.abandon();
    start.resolve('database');
    await expect(adding).rejects.toThrow('told to end');
    await abandoned;
    expect(ended).toEqual(['database']);
    await expect(
      belongings.add(
        async () => 'volume',
        () => undefined,
      ),
    ).rejects.toThrow('told to end');
  });

  it('goes on with the others when one could not be started', async () => {
    const ended: string[] = [];
    const belongings = new Belongings();
    await belongings.add(
      async () => 'database',
      (it) => void ended.push(it),
    );
    await expect(
      belongings.add(
        () => Promise.reject(new Error('no room')),
        () => undefined,
      ),
    ).rejects.toThrow('no room');
    await belongings.abandon();
    expect(ended).toEqual(['database']);
  });
});
