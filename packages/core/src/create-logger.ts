import { defaultDestination } from './destination/default-destination.js'
import { drainOnExit } from './destination/exit.js'
import type { Fields } from './encode/field.js'
import { LineEncoder } from './encode/line.js'
import { JSON_FORMAT } from './format/format.js'
import { formatOf } from './format/formats.js'
import { LEVELS, SILENT } from './levels/level.js'
import { codeLevels, defaultLevel, environmentLevels } from './levels/level-sources.js'
import { LevelTable } from './levels/level-table.js'
import { watchFromEnvironment } from './levels/watch.js'
import type { Logger } from './logger/logger.js'
import { LoggerImpl } from './logger/logger-impl.js'
import { Mixin } from './logger/mixin.js'
import { Pipeline } from './logger/pipeline.js'
import { Sequence } from './logger/sequence.js'
import { mergedSerializers } from './logger/serializers.js'
import { originFields, serviceName } from './logger/service.js'
import { Counters } from './logger/stats.js'
import { Sampler } from './operation/sampler.js'
import { checkSampling } from './operation/sampling-options.js'
import { checkLoggerOptions, errorProperties, type LoggerOptions } from './options.js'
import { compileRedaction } from './redact/redactor.js'
import { compileConceal } from './redact/schema-censor.js'

/**
 * Makes a root logger. Environment variables (`LOG_LEVEL` and the others in the docs) override options.
 *
 * @throws TypeError naming the option and what would be accepted, for an option that cannot be used.
 * @example
 * ```ts
 * const log = createLogger({ service: 'api-service' })
 * log.info('Fetching user', { user_id: 'user-456' })
 * ```
 */
export function createLogger(options: LoggerOptions = {}): Logger {
  const checked = checkLoggerOptions(options)
  const { env, maxLineBytes } = checked
  const counters = new Counters()
  const onTruncated = () => {
    counters.truncated++
  }
  const service = checked.service ?? serviceName(env)
  const isSetOutside = env.LOG_DESTINATION !== undefined && env.LOG_DESTINATION !== ''
  const given = isSetOutside ? undefined : checked.destination
  const chosen = formatOf(checked.format, { env, service })
  const { destination, isReadable } =
    given === undefined ? defaultDestination(env) : { destination: given, isReadable: false }
  // The readable output reads lines under our own names.
  const format = isReadable ? JSON_FORMAT : chosen
  const redactor = compileRedaction(checked.redact, {
    env,
    count: (rule) => counters.countRedacted(rule),
    storeNames: format,
  })
  const encoder = new LineEncoder({
    format,
    redactor,
    errorProperties: errorProperties(checked.errors),
    maxLineBytes,
    onTruncated,
    conceal: compileConceal((checked.redact || undefined)?.hashKey ?? env.LOG_HASH_KEY),
    onConcealed: (classification) => counters.countRedacted(`x-log:${classification}`),
  })
  // The default is not for a pipe that other processes write to, which tears longer lines.
  if (!checked.isLimited) destination.limitLines?.((bytes) => encoder.limitLines(bytes))
  const sampling = checkSampling(checked.sampling, env)
  const sampler = sampling === undefined ? undefined : new Sampler(sampling)
  const holdsFrom = sampling === undefined || sampling.hold === 'info' ? SILENT : LEVELS[sampling.hold]
  const levels = new LevelTable(environmentLevels(env), codeLevels(checked.level), defaultLevel(env), holdsFrom)
  const fields = encoder.bindings.base(service, originFields(env), (checked.fields ?? {}) as Fields)
  const base = checked.name === undefined ? fields : encoder.bindings.reserved({ logger: checked.name }, fields)
  const sequence = checked.sequence ? new Sequence(encoder.format, () => pipeline.reportStats()) : undefined
  const pipeline: Pipeline = new Pipeline({
    encoder,
    destination,
    levels,
    counters,
    sequence,
    sampler,
    mixin: checked.mixin === undefined ? undefined : new Mixin(checked.mixin),
    base,
  })
  pipeline.stopDraining = drainOnExit(pipeline)
  watchFromEnvironment(env)
  return new LoggerImpl({
    pipeline,
    bindings: base,
    scope: levels.scope(checked.name ?? ''),
    serializers: mergedSerializers(undefined, checked.serializers),
    isRoot: true,
  })
}
