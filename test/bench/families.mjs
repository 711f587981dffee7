/** The families of cases, one a file. Loaded one at a time, so that a contender's process loads no more than it runs. */
export const families = {
  plain: () => import('./families/plain.mjs'),
  fields: () => import('./families/fields.mjs'),
  redaction: () => import('./families/redaction.mjs'),
  events: () => import('./families/events.mjs'),
  text: () => import('./families/text.mjs'),
  errors: () => import('./families/errors.mjs'),
  destinations: () => import('./families/destinations.mjs'),
  rotation: () => import('./families/rotation.mjs'),
  context: () => import('./families/context.mjs'),
  levels: () => import('./families/levels.mjs'),
  children: () => import('./families/children.mjs'),
  formats: () => import('./families/formats.mjs'),
  sampling: () => import('./families/sampling.mjs'),
  http: () => import('./families/http.mjs'),
  outgoing: () => import('./families/outgoing.mjs'),
  process: () => import('./families/process.mjs'),
  peers: () => import('./families/peers.mjs'),
  techniques: () => import('./families/techniques.mjs'),
  cli: () => import('./families/cli.mjs'),
}

/** Every case, in the order of the page. */
export async function allCases() {
  const loaded = Object.entries(families).map(async ([family, load]) => {
    const { cases } = await load()
    return cases.map((one) => ({ ...one, family }))
  })
  return (await Promise.all(loaded)).flat()
}
