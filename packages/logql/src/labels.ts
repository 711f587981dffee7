/** Label names and their values. A label with an empty value counts as absent, as in Loki. */
export type Labels = Readonly<Record<string, string>>

/** Returns one text for a set of labels, whatever the order of its names: the key under which a series is kept. */
export function labelsKey(labels: Labels): string {
  const names = Object.keys(labels).sort()
  let key = ''
  for (const name of names) key += `${JSON.stringify(name)}:${JSON.stringify(labels[name])},`
  return key
}

/** Returns the labels whose names are in `names`; empty values are left out. */
export function pickLabels(labels: Labels, names: readonly string[]): Labels {
  const picked: Record<string, string> = {}
  for (const name of names) if (labels[name]) picked[name] = labels[name]
  return picked
}

/** Returns the labels whose names are not in `names`; empty values are left out. */
export function omitLabels(labels: Labels, names: readonly string[]): Labels {
  const rest: Record<string, string> = {}
  for (const [name, value] of Object.entries(labels)) if (value !== '' && !names.includes(name)) rest[name] = value
  return rest
}
