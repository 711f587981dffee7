import { randomBytes } from 'node:crypto'
import { createLogger, type LoggerOptions, memory } from 'throughline'
import { keyPlaces, type Place, type Rule, textPlaces } from './places.js'

/** The options of `assertNoLeaks`. */
export interface AssertNoLeaksOptions {
  /** Keys that are secret in this service, beside `password` and `token`; each is planted in every place. */
  readonly secrets?: readonly string[]
  /** `false` leaves out the places where only a detector could know: messages, URLs, headers in text. `true` by default. */
  readonly text?: boolean
}

/**
 * Plants secrets in every hiding place that is known, through a logger with the given options, and looks for them in what it
 * writes. For a team's own configuration, in the team's own tests.
 *
 * @param options What the service gives to `createLogger`. Its destination is replaced by one of the test's own, and its
 *   level by one that writes every line, since a secret at a level that is off today leaks on the day that it is on.
 * @throws with each place that let its secret through, and the entry of `redact` that would have stopped it.
 * @example
 * ```ts
 * await assertNoLeaks({ redact: { keys: ['iban'], detect: 'all' } }, { secrets: ['iban'] })
 * ```
 */
export async function assertNoLeaks(
  options: LoggerOptions,
  { secrets = [], text = true }: AssertNoLeaksOptions = {},
): Promise<void> {
  const keys = [...new Set(['password', 'token', ...secrets])]
  const places = [...keys.flatMap(keyPlaces), ...(text ? textPlaces : [])]
  const leaks: string[] = []
  for (const place of places)
    if (await leaksAt(place, options)) leaks.push(`- ${place.name}; ${shown(place.stoppedBy)} stops it`)
  if (leaks.length > 0) {
    throw new Error(`secrets reached the log from ${leaks.length} of ${places.length} places:\n${leaks.join('\n')}`)
  }
}

/** Whether a logger with these options writes a secret that is in this place, or the most of it. */
export async function leaksAt(place: Place, options: LoggerOptions): Promise<boolean> {
  const destination = memory()
  const secret = `canary${randomBytes(12).toString('hex')}`
  const { prepare = (same: LoggerOptions) => same } = place
  const env = settings(options.env ?? process.env)
  const log = createLogger(prepare({ ...options, level: 'trace', env, destination }, secret))
  place.plant(log, secret)
  await log.close()
  if (destination.lines.length === 0) throw new Error(`nothing was logged for "${place.name}", which proves nothing`)
  const half = secret.length / 2
  return destination.lines.some((line) => line.includes(secret.slice(0, half)) || line.includes(secret.slice(half)))
}

/** The environment's redaction counts; what it says of where, how much and at which level would keep lines from being seen. */
function settings(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const withheld = ['LOG_DESTINATION', 'LOG_LEVEL', 'LOG_LEVEL_FILE', 'LOG_LEVEL_SIGNAL', 'LOG_SAMPLE_SUCCESS']
  return Object.fromEntries(Object.entries(env).filter(([name]) => !withheld.includes(name)))
}

function shown({ option, entry }: Rule): string {
  return `redact: { ${option}: ['${entry}'] }`
}
