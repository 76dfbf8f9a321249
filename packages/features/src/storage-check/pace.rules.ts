/** What was not used for so long may be caught up with: work comes in lumps. */
const SLACK_MS = 100;

/** Takes so much at a pace: when the next may be taken, in milliseconds of the same clock. A pace of 0 is none. */
export function freeAfter(freeAt: number, now: number, amount: number, perSecond: number): number {
  return perSecond === 0 ? now : Math.max(freeAt, now - SLACK_MS) + (amount * 1000) / perSecond;
}
