import { pipeline, Readable, type Transform } from 'node:stream'
import zlib from 'node:zlib'
import { UserError } from '../user-error.js'
import { commandFor } from './compression.js'
import { isDamage, type Unzipping } from './gzip.js'

/**
 * The content of zstd's frames.
 *
 * @throws UserError on a Node that cannot read them (before 22.15).
 */
export async function* unzstd(
  bytes: AsyncIterable<Buffer>,
  { onDamage }: Pick<Unzipping, 'onDamage'>,
): AsyncGenerator<Buffer, void> {
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform }
  if (createZstdDecompress === undefined) {
    throw new UserError(
      `compressed with zstd, which Node ${process.versions.node} cannot read (22.15 can). Pipe it: ${commandFor('zstd')}`,
    )
  }
  try {
    for await (const piece of pipeline(Readable.from(bytes), createZstdDecompress(), () => {})) yield piece
  } catch (error) {
    if (!isDamage(error)) throw error
    onDamage((error as Error).message)
  }
}
