import { beginning, cells, harmless } from 'throughline/internal'

export { cells }

/** Text of exactly so many columns: filled up with spaces, or cut with an ellipsis. Control characters are made harmless. */
export function fitted(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const safe = cut(harmless(text).replace(/[\t\n]/g, ' '), width)
  const filling = ' '.repeat(Math.max(0, width - cells(safe)))
  return align === 'left' ? safe + filling : filling + safe
}

/** Text of at most so many columns. */
export function cut(text: string, width: number): string {
  if (cells(text) <= width) return text
  if (width <= 1) return width === 1 ? '…' : ''
  const first = beginning(text, width - 1)
  // A wide character may not fit at all.
  return `${cells(first) < width ? first : ''}…`
}
