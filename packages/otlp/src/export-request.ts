import type { Encode } from '@throughline/transport'
import { groupsOf } from './groups.js'
import { encodeJson } from './json.js'
import { encodeProtobuf } from './protobuf.js'

/** How OTLP travels over HTTP, by the names of `OTEL_EXPORTER_OTLP_PROTOCOL`. */
export type OtlpProtocol = 'http/protobuf' | 'http/json'

export const PROTOCOLS: readonly OtlpProtocol[] = ['http/protobuf', 'http/json']

/** What a request is made from. Has to be cloneable: a worker thread gets it. */
export interface ExportOptions {
  readonly protocol: OtlpProtocol
  readonly resource: Readonly<Record<string, string>>
}

/** Makes the body of a request to `/v1/logs`. */
export function exportEncoder({ protocol, resource }: ExportOptions): Encode {
  const encode = protocol === 'http/json' ? encodeJson : encodeProtobuf
  return (entries) => encode(groupsOf(entries, resource))
}
