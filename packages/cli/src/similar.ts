/** The word that text was probably meant to be: the nearest of those that differ in few characters. */
export function similarWord(text: string, words: readonly string[]): string | undefined {
  const most = text.length < 5 ? 1 : 2
  const near = words
    .map((word) => ({ word, distance: distanceOf(text.slice(0, 20), word) }))
    .sort((a, b) => a.distance - b.distance)[0]
  return near !== undefined && near.distance <= most ? near.word : undefined
}

/** How many characters are to be put in, left out, or replaced (Levenshtein); two that stand the wrong way round count as one. */
function distanceOf(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, i) => i)]
  const at = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      const isSwapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (isSame ? 0 : 1))
      ;(rows[i] as number[])[j] = isSwapped ? Math.min(least, at(i - 2, j - 2) + 1) : least
    }
  }
  return at(a.length, b.length)
}
