/**
 * A header's value without the white space around it: spaces and tabs, which is HTTP's, and nothing else that `trim` would
 * take. No regular expression: one that ends in `$` is tried from every space of a long run inside the value.
 */
export function withoutWhiteSpace(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isWhiteSpace(value.charCodeAt(start))) start++
  while (end > start && isWhiteSpace(value.charCodeAt(end - 1))) end--
  return value.slice(start, end)
}

function isWhiteSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}
