import { useEffect, useState } from 'preact/hooks'
import { LEVELS } from './rows.js'

/** The style sheet's colours, for what is drawn on a canvas; new ones when the machine turns dark or light. */
export function useColors(): ReadonlyMap<string, string> {
  const [colors, setColors] = useState(read)
  useEffect(() => {
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    const change = () => setColors(read())
    scheme.addEventListener('change', change)
    return () => scheme.removeEventListener('change', change)
  }, [])
  return colors
}

function read(): ReadonlyMap<string, string> {
  const style = getComputedStyle(document.documentElement)
  const names = [
    ...LEVELS,
    'none',
    'faint',
    'line',
    'text',
    'accent',
    ...Array.from({ length: 8 }, (_, i) => `series-${i}`),
  ]
  return new Map(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim() || '#888']))
}
