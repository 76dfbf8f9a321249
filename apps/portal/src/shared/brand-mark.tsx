/** The mark: an anchor's ring and flukes. */
export function BrandMark(props: { size: number }) {
  return (
    <svg width={props.size} height={props.size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#10618f" />
      <g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="16" cy="8.2" r="2.6" />
        <path d="M16 10.8V25M11 15h10M6.8 18.2c.6 4.6 4.4 6.8 9.2 6.8s8.6-2.2 9.2-6.8" />
      </g>
    </svg>
  );
}
