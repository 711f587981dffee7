/** A whole number, its thousands set apart. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ' ')
}

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[unit]}`
}

/** A duration with three significant figures: `0.42 ms`, `12.3 ms`, `1.25 s`, `2 min 5 s`. */
export function formatMs(ms: number): string {
  if (ms >= 60_000) return formatSpan(ms)
  if (ms >= 999.5) return `${(ms / 1000).toPrecision(3)} s`
  return `${ms >= 100 ? Math.round(ms) : Number(ms.toPrecision(3))} ms`
}

/** A duration to the second. */
export function formatSpan(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.round(hours / 24)} days`
}

/** `1.2 %`; what is more than nothing is never shown as nothing, nor less than all as all. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %'
  const percent = (part / whole) * 100
  if (percent < 0.1) return '<0.1 %'
  if (part < whole && percent > 99.9) return '>99.9 %'
  return `${(percent >= 10 && percent < 99) || percent === 100 ? Math.round(percent) : percent.toFixed(1)} %`
}
