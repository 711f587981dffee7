import { type Answer, type Protocol, transport, type Verdict } from '@throughline/transport'
import type { Destination } from 'throughline'
import { checkLoki, type LokiOptions } from './options.js'
import { pushEncoder } from './push.js'
import { pushThread } from './push.thread.inline.js'

/**
 * Ships lines to Grafana Loki. A destination like any other: alone, or beside standard output in a `fanOut`.
 *
 * @throws TypeError for an option that cannot be used; an error for a spool that cannot be written.
 * @example
 * ```ts
 * const destination = fanOut([stdout(), loki({ url: 'http://loki:3100', spool: { dir: '/var/spool/api' } })])
 * const log = createLogger({ service: 'api-service', destination })
 * ```
 */
export function loki(options: LokiOptions): Destination {
  const { transport: checked, push } = checkLoki(options)
  const protocol: Protocol = {
    name: 'loki',
    contentType: 'application/json',
    encode: pushEncoder(push),
    worker: { source: pushThread, data: push },
    judge,
  }
  return transport(protocol, checked)
}

/** What Loki says when it could not read the request, and so stored nothing of it. */
const UNREADABLE = /^(couldn't parse labels|loghttp\.|snappy|error at least one valid stream)/

/**
 * A 400 for single entries (too old, too new, too long) comes when the others are stored already; to send those again does
 * no harm, since Loki drops repeats. Recorded from Loki 3.4.6.
 */
function judge({ status, words }: Answer): Verdict | undefined {
  return status === 400 && !UNREADABLE.test(words) ? { kind: 'mixed', words } : undefined
}
