import type { Vendor } from '../answers.ts'

const colors: Record<Vendor, { sheet: string; top: string }> = {
  google: { sheet: '#1a73e8', top: '#fbbc04' },
  microsoft: { sheet: '#0f6cbd', top: '#50d9ff' },
}

/** A calendar sheet in the vendor's colours; the name beside it says whose it is. */
export function VendorMark({ vendor, size = 36 }: { vendor: Vendor; size?: number }) {
  const { sheet, top } = colors[vendor]
  return (
    <svg width={size} height={size} viewBox="0 0 36 36" aria-hidden style={{ flexShrink: 0 }}>
      <rect x="3" y="4" width="30" height="29" rx="7" fill={sheet} />
      <path d="M3 11a7 7 0 0 1 7-7h16a7 7 0 0 1 7 7v1H3z" fill={top} />
      <text
        x="18"
        y="28"
        textAnchor="middle"
        fontSize="14"
        fontWeight="700"
        fill="#fff"
        fontFamily="system-ui, sans-serif"
      >
        {vendor === 'google' ? 'G' : 'O'}
      </text>
    </svg>
  )
}
