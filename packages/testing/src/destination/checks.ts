import assert from 'node:assert/strict'
import type { DestinationUnderTest, TestDestinationOptions } from './under-test.js'

/** One rule of the contract, and how it is tried. */
interface Check {
  readonly rule: string
  check(under: DestinationUnderTest): Promise<void>
}

const INFO = 30
const WARN = 40

/** A line as the logger makes it. */
function line(fields: Readonly<Record<string, unknown>>): string {
  const head = { timestamp: new Date().toISOString(), level: 'INFO', service: 'conformance' }
  return `${JSON.stringify({ ...head, message: 'line', ...fields })}\n`
}

/** The numbers of the lines that arrived. */
async function numbers(under: DestinationUnderTest): Promise<number[]> {
  const lines = await under.lines()
  return lines.map((text) => (JSON.parse(text) as { n: number }).n)
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i)
}

export function checks(options: TestDestinationOptions): readonly Check[] {
  const { flushesSync = true, keepsOrder = true, longestLineBytes = 200_000 } = options
  const expectNumbers = async (under: DestinationUnderTest, count: number) => {
    const found = await numbers(under)
    const arrived = keepsOrder ? found : [...found].sort((a, b) => a - b)
    assert.deepEqual(arrived, upTo(count), `of ${count} lines, ${found.length} arrived, or not in order`)
  }
  const all: (Check | undefined)[] = [
    {
      rule: 'flush() resolves when every line has arrived, once and in order',
      async check(under) {
        for (const n of upTo(10_000)) under.destination.write(line({ n }), INFO)
        await under.destination.flush()
        await expectNumbers(under, 10_000)
      },
    },
    {
      rule: 'flush() resolves when there is nothing to write',
      async check({ destination }) {
        await destination.flush()
        await Promise.all([destination.flush(), destination.flush()])
      },
    },
    flushesSync
      ? {
          rule: 'flushSync() returns when every line has arrived',
          async check(under) {
            for (const n of upTo(1_000)) under.destination.write(line({ n }), INFO)
            under.destination.flushSync()
            await expectNumbers(under, 1_000)
          },
        }
      : undefined,
    {
      rule: 'flushSync() does not throw, whatever there is to write',
      async check({ destination }) {
        destination.flushSync()
        destination.write(line({ n: 0 }), INFO)
        destination.flushSync()
        await destination.flush()
      },
    },
    {
      rule: 'lines of every level arrive, warnings among the rest in their order',
      async check(under) {
        for (const n of upTo(200)) under.destination.write(line({ n }), n % 7 === 0 ? WARN : 10 + (n % 7) * 10)
        await under.destination.flush()
        await expectNumbers(under, 200)
      },
    },
    {
      rule: 'text outside ASCII arrives as it was',
      async check(under) {
        const text = '日本語 – emoji 🧵 – accents éàü – \u2028 – "quoted" \\ and \u0000'
        under.destination.write(line({ n: 0, text }), INFO)
        await under.destination.flush()
        const [arrived] = await under.lines()
        assert.equal((JSON.parse(arrived ?? '{}') as { text?: string }).text, text)
      },
    },
    {
      rule: 'a long line arrives whole, between short ones',
      async check(under) {
        // Two bytes a letter, and room for the other fields.
        const long = 'é'.repeat(Math.max(0, Math.floor((longestLineBytes - 200) / 2)))
        for (const n of upTo(9)) under.destination.write(line({ n, text: n === 4 ? long : '' }), INFO)
        await under.destination.flush()
        await expectNumbers(under, 9)
        const arrived = (await under.lines()).map((one) => JSON.parse(one) as { n: number; text?: string })
        assert.ok(arrived.find(({ n }) => n === 4)?.text === long, 'it arrived, and not as it was')
      },
    },
    {
      rule: 'close() writes what there is first',
      async check(under) {
        for (const n of upTo(500)) under.destination.write(line({ n }), INFO)
        await under.destination.close()
        await expectNumbers(under, 500)
      },
    },
    {
      rule: 'close() may be called again, and so may everything after it, and nothing throws',
      async check({ destination }) {
        await destination.close()
        await destination.close()
        destination.write(line({ n: 0 }), INFO)
        destination.flushSync()
        await destination.flush()
      },
    },
    {
      rule: 'what is dropped is counted by level, where the destination counts',
      async check({ destination }) {
        if (destination.dropped === undefined) return
        await destination.close()
        const before = total(destination.dropped())
        destination.write(line({ n: 0 }), INFO)
        const after = total(destination.dropped())
        assert.ok(after >= before, 'the count went down')
      },
    },
  ]
  return all.filter((check) => check !== undefined)
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0)
}
