import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import type { Answer } from '@throughline/transport'

/** Records that a server took the request without, and why (https://opentelemetry.io/docs/specs/otlp/#partial-success). */
export interface PartialSuccess {
  readonly rejected: number
  readonly message: string
}

/** What JSON begins with, and no message of protobuf: at the end of the process nobody tells the type of an answer. */
const BRACE = '{'.charCodeAt(0)

const NONE: PartialSuccess = { rejected: 0, message: '' }

/** What an answer with a good status says besides. An answer that is none of OTLP's says nothing. */
export function partialSuccess({ body }: Pick<Answer, 'body'>): PartialSuccess {
  if (body.length === 0) return NONE
  try {
    return body[0] === BRACE ? inJson(body) : inProtobuf(body)
  } catch {
    return NONE
  }
}

function inJson(body: Uint8Array): PartialSuccess {
  const { partialSuccess: said } = JSON.parse(Buffer.from(body).toString()) as {
    partialSuccess?: { rejectedLogRecords?: number | string; errorMessage?: string }
  }
  const rejected = Number(said?.rejectedLogRecords ?? 0)
  return { rejected: Number.isSafeInteger(rejected) ? rejected : 0, message: String(said?.errorMessage ?? '') }
}

/** `ExportLogsServiceResponse`: field 1 is the message with the number in 1 and the words in 2. */
function inProtobuf(body: Uint8Array): PartialSuccess {
  let found = NONE
  read(new BinaryReader(body), (field, type, reader) => {
    if (field !== 1 || type !== WireType.LengthDelimited) return false
    let { rejected, message } = NONE
    read(new BinaryReader(reader.bytes()), (inner, innerType, innerReader) => {
      if (inner === 1 && innerType === WireType.Varint) rejected = Number(innerReader.int64())
      else if (inner === 2 && innerType === WireType.LengthDelimited) message = innerReader.string()
      else return false
      return true
    })
    found = { rejected, message }
    return true
  })
  return found
}

/** @param take Reads the fields that it knows. */
function read(reader: BinaryReader, take: (field: number, type: WireType, reader: BinaryReader) => boolean): void {
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag()
    if (!take(field, type, reader)) reader.skip(type, field)
  }
}
