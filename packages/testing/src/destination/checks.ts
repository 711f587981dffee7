import { expectArrived, numberedLine, parsed } from './arrival.js'
import type { DestinationUnderTest, TestDestinationOptions } from './under-test.js'

/** One rule of the contract, and how it is tried. */
export interface Check {
  readonly rule: string
  check(under: DestinationUnderTest): Promise<void>
}

const INFO = 30
const WARN = 40
const TEXT = '日本語 – emoji 🧵 – accents éàü – \u2028 – "quoted" \\ and \u0000'

/** Hands over the lines of these numbers, up to the last and without it. */
function write({ destination }: DestinationUnderTest, from: number, to: number): void {
  for (let n = from; n < to; n++) destination.write(numberedLine(n), INFO)
}

export function checks(options: TestDestinationOptions): readonly Check[] {
  const { flushesSync = true, keepsOrder = true, longestLineBytes = 200_000 } = options
  const arrived = async (under: DestinationUnderTest, count: number) =>
    expectArrived(await under.lines(), count, keepsOrder)
  const all: readonly Check[] = [
    {
      rule: 'flush() resolves when every line has arrived, once and in order',
      async check(under) {
        write(under, 0, 10_000)
        await under.destination.flush()
        await arrived(under, 10_000)
      },
    },
    {
      rule: 'flush() resolves when there is nothing to write',
      async check({ destination }) {
        await destination.flush()
        await Promise.all([destination.flush(), destination.flush()])
      },
    },
    {
      rule: 'flush() resolves when what came during another flush() has arrived too',
      async check(under) {
        write(under, 0, 500)
        const first = under.destination.flush()
        write(under, 500, 1_000)
        await Promise.all([first, under.destination.flush()])
        await arrived(under, 1_000)
      },
    },
    {
      rule: 'flushSync() returns when every line has arrived',
      async check(under) {
        if (!flushesSync) return
        write(under, 0, 1_000)
        under.destination.flushSync()
        await arrived(under, 1_000)
      },
    },
    {
      rule: 'flushSync() during flush() loses and repeats nothing',
      async check(under) {
        write(under, 0, 500)
        const flushed = under.destination.flush()
        write(under, 500, 1_000)
        under.destination.flushSync()
        write(under, 1_000, 1_500)
        await flushed
        await under.destination.flush()
        await arrived(under, 1_500)
      },
    },
    {
      rule: 'flushSync() does not throw, whatever there is to write',
      async check(under) {
        under.destination.flushSync()
        write(under, 0, 1)
        under.destination.flushSync()
        await under.destination.flush()
      },
    },
    {
      rule: 'lines of every level arrive, warnings among the rest in their order',
      async check(under) {
        for (let n = 0; n < 200; n++) {
          under.destination.write(numberedLine(n), n % 7 === 0 ? WARN : 10 + (n % 7) * 10)
        }
        await under.destination.flush()
        await arrived(under, 200)
      },
    },
    {
      rule: 'text outside ASCII arrives as it was',
      async check(under) {
        under.destination.write(numberedLine(0, { text: TEXT }), INFO)
        await under.destination.flush()
        await arrived(under, 1)
        const [line = ''] = await under.lines()
        const { text } = parsed(line)
        if (text !== TEXT) throw new Error(`${JSON.stringify(TEXT)} arrived as ${JSON.stringify(text)}`)
      },
    },
    {
      rule: 'a long line arrives whole, between short ones',
      async check(under) {
        // Two bytes a letter, and room for the other fields.
        const long = 'é'.repeat(Math.max(0, Math.floor((longestLineBytes - 200) / 2)))
        for (let n = 0; n < 9; n++) under.destination.write(numberedLine(n, { text: n === 4 ? long : '' }), INFO)
        await under.destination.flush()
        await arrived(under, 9)
        const lines = (await under.lines()).map(parsed)
        if (lines.find(({ n }) => n === 4)?.text !== long) throw new Error('it arrived, and not as it was')
      },
    },
    {
      rule: 'close() writes what there is first',
      async check(under) {
        write(under, 0, 500)
        await under.destination.close()
        await arrived(under, 500)
      },
    },
    {
      rule: 'close() may be called again, and so may everything after it, and nothing throws',
      async check(under) {
        await Promise.all([under.destination.close(), under.destination.close()])
        await under.destination.close()
        write(under, 0, 1)
        under.destination.flushSync()
        await under.destination.flush()
      },
    },
    {
      rule: 'what is written after close() arrives or is counted as dropped, where the destination counts',
      async check(under) {
        const { destination } = under
        if (destination.dropped === undefined) return
        await destination.close()
        const before = destination.dropped().INFO ?? 0
        write(under, 0, 3)
        await destination.flush()
        const counted = (destination.dropped().INFO ?? 0) - before
        const { length } = await under.lines()
        if (length + counted !== 3) throw new Error(`of 3 lines, ${length} arrived and ${counted} were counted at INFO`)
      },
    },
  ]
  return all
}
