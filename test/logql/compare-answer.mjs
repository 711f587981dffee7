/**
 * Compares an answer with the recorded one, as its `compare` says. Streams and series are compared in the order of their labels,
 * but for `ordered` vectors; where Loki refused a query, only the status is compared: the words of its parser are its own.
 *
 * @returns undefined where the answer is right, else what differs.
 */
export function compareAnswer(recorded, { status, data }) {
  if (recorded.status !== 200 && recorded.compare !== 'sharding')
    return status === recorded.status ? undefined : `status ${status}, not ${recorded.status} (${recorded.error})`
  const expected = recorded.compare === 'sharding' ? recorded.unsharded : recorded
  const wanted = expected.result ?? expected
  if (expected.status !== undefined && expected.status !== 200)
    return status === expected.status ? undefined : `status ${status}, not ${expected.status}`
  if (status !== 200) return `status ${status}, not 200`
  return difference(recorded.compare, wanted, data)
}

function difference(how, wanted, got) {
  if (how === 'scalar-value') return same([wanted.resultType, wanted.result[1]], [got.resultType, got.result[1]])
  if (how === 'values' || how === 'values-in-order') {
    const [left, right] = [wanted, got].map(({ result }) =>
      result.map(({ value, values }) => (value ?? values).map(last)),
    )
    return how === 'values' ? same(left.map(String).sort(), right.map(String).sort()) : same(left, right)
  }
  const ordered = wanted.ordered === true
  const [left, right] = [wanted, got].map((data) => normal(data, ordered))
  return how === 'exact' ? same(left, right) : near(left, right) ? undefined : same(left, right)
}

function last(value) {
  return Array.isArray(value) ? value[1] : value
}

/** Leaves out what is no part of an answer, and sorts series by their labels. */
function normal(data, ordered) {
  // Names of labels are sorted in the answer itself; the order of series means nothing.
  if (Array.isArray(data)) return data.every((one) => typeof one === 'string') ? data : [...data].sort(byText)
  const { resultType, result, encodingFlags } = data
  const series = Array.isArray(result) && resultType !== 'scalar' && !ordered
  return { resultType, encodingFlags, result: series ? [...result].sort(byText) : result }
}

function byText(a, b) {
  const [left, right] = [a, b].map((one) => text(one.metric ?? one.stream ?? one) + text(one))
  return left < right ? -1 : 1
}

/** JSON with sorted keys. */
function text(value) {
  return JSON.stringify(value, (_, one) =>
    one && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

function same(wanted, got) {
  const [left, right] = [text(wanted), text(got)]
  if (left === right) return undefined
  let at = 0
  while (left[at] === right[at]) at++
  const cut = (whole) => whole.slice(Math.max(0, at - 60), at + 100)
  return `got …${cut(right)}… instead of …${cut(left)}…`
}

/** Numbers, which an answer has as text, may differ by a billionth. */
function near(left, right) {
  if (typeof left === 'string' && typeof right === 'string') {
    if (left === right) return true
    const [a, b] = [Number(left), Number(right)]
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
  }
  if (left === null || right === null || typeof left !== 'object' || typeof right !== 'object') return left === right
  const keys = Object.keys(left)
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && near(left[key], right[key]))
}

/** Answers that nobody could explain. */
export const unexplained = ['unwrap-103']
