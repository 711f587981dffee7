const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']

/** A horizontal bar of so many columns, to the eighth of one; what is more than nothing is never invisible. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8)
  if (eighths === 0) return share > 0 ? '▏' : ''
  return '█'.repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8]
}

/** Numbers as a row of columns, the highest of full height; a number above 0 is never shown as none. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values)
  return values
    .map((value) => (value <= 0 || most <= 0 ? ' ' : HEIGHTS[Math.max(0, Math.ceil((value / most) * 8) - 1)]))
    .join('')
}
