import { shortId } from 'throughline/internal'
import { blocksOf } from '../input/blocks.js'
import type { Intake } from '../input/intake.js'
import { LineReader } from '../input/lines.js'

/** As many ids as a message can name. */
const MOST = 10

/** The ids that `pretty` shows as this short one. Only files are searched, since standard input was read already. */
export async function idsLike(short: string, { sources, reading }: Intake): Promise<readonly string[]> {
  const ids = new Set<string>()
  const bytes = Buffer.from(short)
  for (const source of sources) {
    if (source.size === undefined) continue
    const reader = new LineReader(source)
    for await (const block of blocksOf(source, reading)) {
      if (!block.bytes.includes(bytes)) continue
      for (const { text, record } of reader.lines(block)) {
        if (!text.includes(short)) continue
        for (const id of [record?.request_id, record?.trace_id])
          if (typeof id === 'string' && shortId(id) === short) ids.add(id)
        if (ids.size >= MOST) return [...ids]
      }
    }
  }
  return [...ids]
}
