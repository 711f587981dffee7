import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'

const MAGIC = Buffer.from([0x1f, 0x8b])

/** Whether bytes begin as gzip's do, whatever the file is called (RFC 1952). */
export function isGzip(head: Buffer): boolean {
  return head.subarray(0, MAGIC.length).equals(MAGIC)
}

export interface Unzipping {
  /** Told when the content ends too early or is damaged, after all of it that can be had. */
  onDamage(reason: string): void
  /** Opens the compressed bytes once more, where that is possible. */
  again?(): AsyncIterable<Buffer>
}

/** The content of gzip's members, one after another. A damaged one ends it. */
export async function* unzipped(
  bytes: AsyncIterable<Buffer>,
  { onDamage, again }: Unzipping,
): AsyncGenerator<Buffer, void> {
  let given = 0
  try {
    for await (const piece of gunzip(bytes, constants.Z_FINISH)) {
      given += piece.length
      yield piece
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    // zlib keeps to itself what it had made of the last bytes before an error, unless an early end is allowed for. So once
    // more, and in small pieces, so that the one with the damage takes little with it.
    if (again !== undefined) yield* afterBytes(given, gunzip(slices(again()), constants.Z_SYNC_FLUSH))
    onDamage((error as Error).message)
  }
}

function gunzip(bytes: AsyncIterable<Buffer>, finishFlush: number): AsyncIterable<Buffer> {
  return pipeline(Readable.from(bytes), createGunzip({ chunkSize: 256 * 1024, finishFlush }), () => {})
}

const SLICE = 256

async function* slices(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  for await (const piece of bytes) for (let at = 0; at < piece.length; at += SLICE) yield piece.subarray(at, at + SLICE)
}

async function* afterBytes(count: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let ahead = count
  try {
    for await (const piece of pieces) {
      if (piece.length > ahead) yield piece.subarray(ahead)
      ahead = Math.max(0, ahead - piece.length)
    }
  } catch (error) {
    if (!isDamage(error)) throw error
  }
}

function isDamage(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true
}
