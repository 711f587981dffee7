import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import type { ResourceGroup, ScopeGroup } from './groups.js'
import type { LogRecord } from './log-record.js'
import type { Attribute, Json } from './value.js'

/**
 * `ExportLogsServiceRequest` as protobuf. The numbers are those of opentelemetry-proto 1.x (`logs/v1/logs.proto`,
 * `common/v1/common.proto`), which are frozen; a test decodes with the definitions themselves.
 */
export function encodeProtobuf(groups: readonly ResourceGroup[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const group of groups) message(writer, 1, () => resourceLogs(writer, group))
  return writer.finish()
}

function resourceLogs(writer: BinaryWriter, { attributes, scopes }: ResourceGroup): void {
  message(writer, 1, () => keyValues(writer, 1, attributes))
  for (const scope of scopes.values()) message(writer, 2, () => scopeLogs(writer, scope))
}

function scopeLogs(writer: BinaryWriter, { name, records }: ScopeGroup): void {
  message(writer, 1, () => writer.tag(1, WireType.LengthDelimited).string(name))
  for (const record of records) message(writer, 2, () => logRecord(writer, record))
}

function logRecord(writer: BinaryWriter, record: LogRecord): void {
  writer.tag(1, WireType.Bit64).fixed64(record.time)
  writer.tag(2, WireType.Varint).int32(record.severityNumber)
  writer.tag(3, WireType.LengthDelimited).string(record.severityText)
  message(writer, 5, () => anyValue(writer, record.body))
  keyValues(writer, 6, record.attributes)
  if (record.traceId !== undefined) writer.tag(9, WireType.LengthDelimited).bytes(Buffer.from(record.traceId, 'hex'))
  if (record.spanId !== undefined) writer.tag(10, WireType.LengthDelimited).bytes(Buffer.from(record.spanId, 'hex'))
  writer.tag(11, WireType.Bit64).fixed64(record.time)
}

function keyValues(writer: BinaryWriter, field: number, attributes: readonly Attribute[]): void {
  for (const [key, value] of attributes) {
    message(writer, field, () => {
      writer.tag(1, WireType.LengthDelimited).string(key)
      message(writer, 2, () => anyValue(writer, value))
    })
  }
}

function anyValue(writer: BinaryWriter, value: Json): void {
  if (typeof value === 'string') writer.tag(1, WireType.LengthDelimited).string(value)
  else if (typeof value === 'boolean') writer.tag(2, WireType.Varint).bool(value)
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.tag(3, WireType.Varint).int64(value)
    else writer.tag(4, WireType.Bit64).double(value)
  } else if (Array.isArray(value)) {
    const list: readonly Json[] = value
    message(writer, 5, () => {
      for (const one of list) message(writer, 1, () => anyValue(writer, one))
    })
  } else if (value !== null) {
    message(writer, 6, () => keyValues(writer, 1, Object.entries<Json>(value as { [key: string]: Json })))
  }
}

function message(writer: BinaryWriter, field: number, write: () => void): void {
  writer.tag(field, WireType.LengthDelimited).fork()
  write()
  writer.join()
}
