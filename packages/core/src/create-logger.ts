import { defaultDestination } from './destination/default-destination.js'
import { drainOnExit } from './destination/exit.js'
import { JSON_FORMAT } from './encode/format.js'
import { LineEncoder } from './encode/line.js'
import { formatOf } from './format/formats.js'
import { LevelTable } from './levels/controller.js'
import { LEVELS, SILENT } from './levels/level.js'
import { codeLevels, defaultLevel, environmentLevels } from './levels/sources.js'
import { watchFromEnvironment } from './levels/watch.js'
import type { Logger } from './logger.js'
import { checkOptions, type LoggerOptions } from './options.js'
import { Pipeline } from './pipeline.js'
import { PipelineLogger } from './pipeline-logger.js'
import { compileRedaction } from './redact/compile.js'
import { compileConceal } from './redact/schema-censor.js'
import { checkSampling } from './sampling/options.js'
import { Sampler } from './sampling/sampler.js'
import { Sequence } from './sequence.js'
import { placeFields, serviceName } from './service.js'
import { Counters } from './stats.js'

/**
 * Makes a root logger. Settings of the environment (`LOG_LEVEL` and the others of the table in the docs) win over options.
 *
 * @throws TypeError naming the option and what would be accepted, for an option that cannot be used.
 * @example
 * ```ts
 * const log = createLogger({ service: 'api-service' })
 * log.info('Fetching user', { user_id: 'user-456' })
 * ```
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const checked = checkOptions(options)
  const { env, maxLineBytes } = checked
  const counters = new Counters()
  const redactor = compileRedaction(checked.redact, { env, count: (rule) => counters.countRedacted(rule) })
  const onTruncated = () => {
    counters.truncated++
  }
  const service = checked.service ?? serviceName(env)
  const isSetOutside = env.LOG_DESTINATION !== undefined && env.LOG_DESTINATION !== ''
  const given = isSetOutside ? undefined : checked.destination
  const chosen = formatOf(checked.format, { env, service })
  const { destination, isReadable } =
    given === undefined ? defaultDestination(env) : { destination: given, isReadable: false }
  // What renders lines for people reads them under our own names.
  const format = isReadable ? JSON_FORMAT : chosen
  const encoder = new LineEncoder({
    format,
    redactor,
    maxLineBytes,
    onTruncated,
    conceal: compileConceal((checked.redact || undefined)?.hashKey ?? env.LOG_HASH_KEY),
    onConcealed: (classification) => counters.countRedacted(`x-log:${classification}`),
  })
  const sampling = checkSampling(checked.sampling, env)
  const sampler = sampling === undefined ? undefined : new Sampler(sampling)
  const holdsFrom = sampling === undefined || sampling.hold === 'info' ? SILENT : LEVELS[sampling.hold]
  const levels = new LevelTable(environmentLevels(env), codeLevels(checked.level), defaultLevel(env), holdsFrom)
  const fields = encoder.fragments.base(service, placeFields(env), checked.fields ?? {})
  const base = checked.name === undefined ? fields : encoder.fragments.reserved({ logger: checked.name }, fields)
  const sequence = checked.sequence ? new Sequence(encoder, () => pipeline.reportStats()) : undefined
  const pipeline: Pipeline = new Pipeline({ encoder, destination, levels, counters, sequence, sampler, base })
  pipeline.stopDraining = drainOnExit(pipeline)
  watchFromEnvironment(env)
  return new PipelineLogger({ pipeline, bindings: base, scope: levels.scope(checked.name ?? ''), isRoot: true })
}
