/** Label names and their values. */
export type Labels = Readonly<Record<string, string>>

/**
 * Returns one text for a set of labels, whatever the order of its names: the key under which a series is kept. Keys sort as Loki
 * sorts labels: by the first name, its value, the second name and so on.
 */
export function labelsKey(labels: Labels): string {
  const names = Object.keys(labels).sort()
  let key = ''
  for (const name of names) key += `${name}\0${separable(labels[name] as string)}\0`
  return key
}

function separable(value: string): string {
  return value.includes('\0') ? value.replaceAll('\0', '\0\x01') : value
}

/** Returns the labels whose names are in `names`. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  const picked: Record<string, string> = {}
  for (const name of names) if (labels[name] !== undefined) picked[name] = labels[name]
  return picked
}

/** Returns the labels whose names are not in `names`; empty values are left out. */
export function omitLabels(labels: Labels, names: readonly string[]): Labels {
  const rest: Record<string, string> = {}
  for (const [name, value] of Object.entries(labels)) if (value !== '' && !names.includes(name)) rest[name] = value
  return rest
}

/** Returns the labels without those that have an empty value. */
export function withoutEmpty(labels: Labels): Labels {
  return omitLabels(labels, [])
}
