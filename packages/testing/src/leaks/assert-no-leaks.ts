import { randomBytes } from 'node:crypto'
import { createLogger, type LoggerOptions, memory } from 'throughline'
import { instancePlace, keyPlaces, type Place, textPlaces } from './places.js'

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
 * @param options What the service gives to `createLogger`; its destination is replaced by one of the test's own.
 * @throws with each place that let its secret through, and the option that would have stopped it.
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
  const places = [...keys.flatMap(keyPlaces), instancePlace, ...(text ? textPlaces : [])]
  const leaks: string[] = []
  for (const place of places)
    if (await leaksAt(place, options)) leaks.push(`- ${place.name}; ${place.stoppedBy} stops it`)
  if (leaks.length > 0) {
    throw new Error(`secrets reached the log from ${leaks.length} of ${places.length} places:\n${leaks.join('\n')}`)
  }
}

async function leaksAt(place: Place, options: LoggerOptions): Promise<boolean> {
  const destination = memory()
  const secret = `canary${randomBytes(12).toString('hex')}`
  const log = createLogger({ ...options, env: settings(options.env ?? process.env), destination })
  place.plant(log, secret)
  await log.close()
  if (destination.lines.length === 0) throw new Error(`nothing was logged for "${place.name}": the level keeps it out`)
  return destination.lines.some((line) => line.includes(secret))
}

/** The environment's redaction counts; its destination, level and rate would keep the planted lines from being seen. */
function settings(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const { LOG_DESTINATION: _destination, LOG_LEVEL: _level, LOG_SAMPLE_SUCCESS: _rate, ...rest } = env
  return rest
}
