import { expect, it } from 'vitest'
import { lineOf } from '../input/lines.js'
import { Ledger } from './ledger.js'
import { verdictOf } from './verdict.js'

const source = { name: 'a.log', path: 'a.log', size: undefined }

function ledgerOf(records: Iterable<object>): Ledger {
  const ledger = new Ledger()
  let number = 0
  for (const record of records) {
    const text = JSON.stringify(record)
    ledger.add(lineOf({ text, source, number: ++number, origin: undefined, bytes: text.length + 1, isTorn: false }))
  }
  return ledger
}

const judged = (ledger: Ledger) => verdictOf(ledger, [], { isWindow: false, requireEnd: false })

it('keeps a bounded number of processes, and proves nothing of the lines of others', () => {
  const many = function* () {
    for (let i = 0; i < 50_100; i++) yield { boot_id: `boot-${i}`, seq: 1, service: 'api' }
  }
  const { processes, unchecked, is_complete, missing } = judged(ledgerOf(many()))
  expect(processes).toHaveLength(50_000)
  expect({ unchecked, is_complete, missing }).toEqual({ unchecked: 100, is_complete: false, missing: 0 })
})

it('tells a restart from a process beside it', () => {
  const life = (boot_id: string, pod: string, from: number, to: number) =>
    [from, to].map((second, i) => ({ timestamp: new Date(second * 1_000).toISOString(), boot_id, seq: i + 1, pod }))
  const { processes } = judged(
    ledgerOf([...life('first', 'a', 0, 10), ...life('beside', 'b', 5, 15), ...life('second', 'a', 11, 20)]),
  )
  expect(processes.map(({ boot_id, ending, is_restart }) => [boot_id, ending, is_restart])).toEqual([
    ['first', 'killed', false],
    ['beside', 'open', false],
    ['second', 'open', true],
  ])
})
