import type { Environment } from '../logger/service.js'
import { warnOnce } from '../warn.js'
import { checkFormat } from './check-format.js'
import { cloudwatch } from './cloudwatch.js'
import { datadog } from './datadog.js'
import { ecs } from './ecs.js'
import { type Format, type FormatContext, JSON_FORMAT, type StoreFormat } from './format.js'
import { gcp } from './gcp.js'
import { otel } from './otel.js'
import { pino } from './pino.js'
import { splunk } from './splunk.js'

const FORMATS = {
  json: () => JSON_FORMAT,
  ecs,
  otel,
  gcp,
  datadog,
  splunk,
  cloudwatch,
  pino,
} satisfies Readonly<Record<string, (context: FormatContext) => StoreFormat>>

/** The formats that have a name. */
export type FormatName = keyof typeof FORMATS

/** As they are listed in messages and docs. */
export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]

/** What `LOG_FORMAT` asks for; one warning when it is nothing that there is. */
export function askedFormat(env: Environment): FormatName | 'pretty' | undefined {
  const asked = env.LOG_FORMAT
  if (asked === undefined || asked === '') return undefined
  if (asked === 'pretty' || isFormatName(asked)) return asked
  warnOnce(`LOG_FORMAT: not one of pretty, ${FORMAT_NAMES.join(', ')}; the option's is used`)
  return undefined
}

function isFormatName(name: unknown): name is FormatName {
  return typeof name === 'string' && Object.hasOwn(FORMATS, name)
}

/**
 * The format of a logger's lines: `LOG_FORMAT` wins over the option.
 *
 * @throws TypeError naming what cannot be used, for an option that is neither a name nor a format.
 */
export function formatOf(option: FormatName | Format | undefined, context: FormatContext): StoreFormat {
  // Checked in any case: that the environment hides a mistake would only move the day it is found.
  const own = option === undefined || isFormatName(option) ? option : checkFormat(option, FORMAT_NAMES)
  const asked = askedFormat(context.env)
  const chosen = asked === undefined || asked === 'pretty' ? own : asked
  return chosen === undefined || typeof chosen === 'string' ? FORMATS[chosen ?? 'json'](context) : chosen
}
