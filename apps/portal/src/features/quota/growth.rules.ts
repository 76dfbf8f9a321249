/** One day of a project's usage. */
export interface Day {
  readonly day: string;
  readonly storage: number;
}

/** Points of a line over the days, within a box; the line stands on 0. One day alone is a flat line. */
export function linePoints(days: readonly Day[], width: number, height: number): string {
  const most = Math.max(1, ...days.map((day) => day.storage));
  const rows = days.length === 1 ? [...days, ...days] : days;
  return rows
    .map((day, index) => {
      const x = (index / Math.max(1, rows.length - 1)) * width;
      return `${round(x)},${round(height - (day.storage / most) * height)}`;
    })
    .join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
