import { type Entries, nanoseconds } from '@throughline/transport/thread'
import { fieldsOf, textAt } from './field.js'
import { Labels, type NameTable } from './labels.js'

/** What a line's place in Loki is made from. Has to be cloneable: a worker thread gets it. */
export interface PushOptions {
  readonly labels: NameTable
  readonly staticLabels: Readonly<Record<string, string>>
  /** Labels of lines that have no value of their own. */
  readonly fallbackLabels: Readonly<Record<string, string>>
  readonly metadata: NameTable
}

/**
 * Makes the body of `POST /loki/api/v1/push`: streams by their labels, each entry with its time, its line and its structured
 * metadata (https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs). Loki refuses times that are no texts
 * and metadata that are no texts.
 */
export function pushEncoder({
  labels,
  staticLabels,
  fallbackLabels,
  metadata,
}: PushOptions): (entries: Entries) => string {
  const labelsOf = new Labels(labels, staticLabels, fallbackLabels)
  const metadataFields = Object.entries(metadata)
  return ({ lines, levels, ms, ns }) => {
    const streams = new Map<string, string[]>()
    for (const [i, whole] of lines.entries()) {
      const line = whole.endsWith('\n') ? whole.slice(0, -1) : whole
      const fields = fieldsOf(line)
      const stream = JSON.stringify(labelsOf.of(fields, levels[i] as number))
      const about: Record<string, string> = {}
      for (const [name, field] of metadataFields) {
        const value = textAt(fields, field)
        if (value !== undefined) about[name] = value
      }
      const time = nanoseconds(ms[i] as number, ns[i] as number)
      const rest = metadataFields.length === 0 ? '' : `,${JSON.stringify(about)}`
      const value = `["${time}",${JSON.stringify(line)}${rest}]`
      const values = streams.get(stream)
      if (values === undefined) streams.set(stream, [value])
      else values.push(value)
    }
    const parts = [...streams].map(([stream, values]) => `{"stream":${stream},"values":[${values.join(',')}]}`)
    return `{"streams":[${parts.join(',')}]}`
  }
}
