import { encode } from 'uqr';

/** White modules around the code, as readers need them. */
const QUIET = 4;

/** Text as a QR code, black on white in every theme: many readers fail on inverted ones. */
export function QrCode(props: { text: string; label: string; size?: number }) {
  const { data, size } = encode(props.text, { ecc: 'M', border: QUIET });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .filter((part) => part !== '')
    .join('');
  const pixels = props.size ?? 200;
  return (
    <svg
      role="img"
      aria-label={props.label}
      width={pixels}
      height={pixels}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={path} fill="#000000" />
    </svg>
  );
}
