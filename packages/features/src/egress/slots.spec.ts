import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

it('holds back what exceeds the limit of a key, and lets others through', async () => {
  const slots = new Slots(10, 1);
  const release = await slots.take('a', never);
  const waiting = slots.take('a', never);
  const other = await slots.take('b', never);
  other();
  let isIn = false;
  void waiting.then(() => (isIn = true));
  await new Promise(setImmediate);
  expect(isIn).toBe(false);
  release();
  release();
  (await waiting)();
  (await slots.take('a', never))();
});

it('bounds the total', async () => {
  const slots = new Slots(1, 1);
  const release = await slots.take('a', never);
  const waiting = slots.take('b', never);
  release();
  (await waiting)();
});

it('a wait ends with the signal and takes no place', async () => {
  const slots = new Slots(1, 1);
  const release = await slots.take('a', never);
  const controller = new AbortController();
  const waiting = slots.take('a', controller.signal);
  controller.abort(new Error('given up'));
  await expect(waiting).rejects.toThrow('given up');
  release();
  (await slots.take('a', never))();
  await expect(slots.take('a', controller.signal)).rejects.toThrow('given up');
});
