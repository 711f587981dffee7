import { type Answer, type Protocol, transport, type Verdict } from '@throughline/transport'
import type { Destination } from 'throughline'
import { exportThread } from './export.thread.inline.js'
import { exportEncoder } from './export-request.js'
import { checkOtlp, type OtlpOptions } from './options.js'
import { partialSuccess } from './partial-success.js'

/**
 * Ships lines over OTLP/HTTP. A destination like any other: alone, or beside standard output in a `fanOut`. The logger's
 * format has to be the usual one (`json`): the fields get OpenTelemetry's names here.
 *
 * @throws TypeError for an option or a variable that cannot be used; an error for a spool that cannot be written.
 * @example
 * ```ts
 * const destination = fanOut([stdout(), otlp({ url: 'http://collector:4318/v1/logs' })])
 * const log = createLogger({ service: 'api-service', destination })
 * ```
 */
export function otlp(options: OtlpOptions = {}): Destination {
  const { transport: checked, exported } = checkOtlp(options)
  const protocol: Protocol = {
    name: 'otlp',
    contentType: exported.protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
    encode: exportEncoder(exported),
    worker: { source: exportThread, data: exported },
    judge,
  }
  return transport(protocol, checked)
}

/** A good status may come with records that were rejected, which are not to be sent again. */
function judge(answer: Answer): Verdict | undefined {
  if (answer.status < 200 || answer.status >= 300) return undefined
  const { rejected, message } = partialSuccess(answer)
  return { kind: 'stored', rejected, words: message }
}
