/** How often a randomised test repeats itself: the second number with `npm run thorough`, which has the time. */
export function repeated(usually: number, thoroughly: number): number {
  return process.env.MOORAGE_THOROUGH === '1' ? thoroughly : usually;
}
