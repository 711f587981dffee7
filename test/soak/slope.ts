/** By how much a value grows over a series, by the line that fits it best (least squares). */
export function growthOf(values: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const [x, y] = [(values.length - 1) / 2, mean(values)]
  const slope =
    values.reduce((sum, value, i) => sum + (i - x) * (value - y), 0) /
    values.reduce((sum, _, i) => sum + (i - x) ** 2, 0)
  return values.length < 2 ? 0 : slope * (values.length - 1)
}
