/**
 * The error for an option that cannot be used. It says a number or a type, never a text, which may be a secret.
 *
 * @param option As a reader would write it: `file(path, { mode })`.
 */
export function refused(option: string, value: unknown, accepted: string): TypeError {
  const given =
    typeof value === 'number' || value === null ? String(value) : Array.isArray(value) ? 'a list' : typeof value
  return new TypeError(`${option}: got ${given}; accepted: ${accepted}`)
}

/** @throws TypeError when the options are no object, or have one that is none. */
export function checkKnown(caller: string, options: object, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw refused(caller, options, `an object with ${known.join(', ')}`)
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    throw new TypeError(`${caller}: unknown option "${unknown}"; accepted: ${known.join(', ')}`)
  }
}
