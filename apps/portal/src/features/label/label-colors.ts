/** Colours that are offered; any other can be written. */
export const LABEL_COLORS = [
  { name: 'gray', value: '#6B7280' },
  { name: 'red', value: '#C92A2A' },
  { name: 'orange', value: '#D9480F' },
  { name: 'yellow', value: '#E6A700' },
  { name: 'green', value: '#2B8A3E' },
  { name: 'teal', value: '#0B7285' },
  { name: 'blue', value: '#1864AB' },
  { name: 'violet', value: '#5F3DC4' },
  { name: 'pink', value: '#C2255C' },
  { name: 'brown', value: '#7F5539' },
] as const;

/** Whether the text is a colour as the API takes it; empty stands for none. */
export function isLabelColor(text: string): boolean {
  return /^(#[0-9A-Fa-f]{6})?$/.test(text);
}
