import { pipeline, Readable } from 'node:stream'
import { constants, createGunzip } from 'node:zlib'

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
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  let given = 0
  try {
    for await (const piece of pipeline(Readable.from(bytes), gunzip, () => {})) {
      given += piece.length
      yield piece
    }
  } catch (error) {
    if (!isDamage(error)) throw error
    // zlib keeps to itself what it had made of the piece with the damage. So once more, and there byte by byte.
    if (again !== undefined) yield* afterBytes(given, eachAlone(again(), gunzip.bytesWritten))
    onDamage((error as Error).message)
  }
}

/**
 * The content up to the damage, to the last byte that was not touched by it.
 *
 * @param damagedFrom Compressed bytes before the piece with the damage.
 */
async function* eachAlone(bytes: AsyncIterable<Buffer>, damagedFrom: number): AsyncGenerator<Buffer, void> {
  const gunzip = createGunzip({ flush: constants.Z_SYNC_FLUSH })
  let made: Buffer[] = []
  const drain = () => {
    for (let chunk = gunzip.read(); chunk !== null; chunk = gunzip.read()) made.push(chunk)
  }
  let isBroken = false
  let proceed = () => {}
  gunzip.on('readable', drain).on('error', () => {
    isBroken = true
    proceed()
  })
  try {
    for await (const piece of sliced(bytes, damagedFrom)) {
      await new Promise<void>((resolve) => {
        proceed = resolve
        gunzip.write(piece, () => resolve())
      })
      drain()
      yield* made
      made = []
      if (isBroken) return
    }
  } finally {
    gunzip.destroy()
  }
}

/** Pieces as they come, and single bytes from a place on. */
async function* sliced(bytes: AsyncIterable<Buffer>, from: number): AsyncGenerator<Buffer, void> {
  let offset = 0
  for await (const piece of bytes) {
    const whole = Math.min(Math.max(0, from - offset), piece.length)
    if (whole > 0) yield piece.subarray(0, whole)
    for (let at = whole; at < piece.length; at++) yield piece.subarray(at, at + 1)
    offset += piece.length
  }
}

async function* afterBytes(count: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let ahead = count
  for await (const piece of pieces) {
    if (piece.length > ahead) yield piece.subarray(ahead)
    ahead = Math.max(0, ahead - piece.length)
  }
}

export function isDamage(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true
}
