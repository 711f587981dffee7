import { oneLine } from 'throughline/internal'
import { cut } from '../terminal/cells.js'
import { formatCount } from '../terminal/numbers.js'
import type { Paint } from '../terminal/paint.js'
import type { Place } from './ledger.js'
import type { Range } from './seq-set.js'
import type { ProcessVerdict, Verdict } from './verdict.js'

export interface Screen {
  readonly columns: number
  readonly paint: Paint
}

/** Gaps and places shown of each; `--json` has more. */
const SHOWN = 8

/** The verdict as people read it: each process, what is wrong beside them, and one sentence at the end. */
export function report(verdict: Verdict, screen: Screen): string {
  const { paint } = screen
  const rows = verdict.processes.flatMap((process) => processRows(process, screen))
  if (verdict.torn > 0)
    rows.push(paint.bad(`✗ ${many(verdict.torn, 'torn line')}: ${places(verdict.torn_places, verdict.torn)}`))
  for (const damage of verdict.damaged) rows.push(paint.bad(`✗ not read to the end: ${damage}`))
  if (verdict.not_json > 0) {
    const where = places(verdict.not_json_places, verdict.not_json)
    rows.push(paint.warning(`· ${many(verdict.not_json, 'line')} of other programs, not JSON: ${where}`))
  }
  if (verdict.unnumbered > 0) rows.push(paint.warning(`· ${many(verdict.unnumbered, 'record')} without a number`))
  if (verdict.unchecked > 0)
    rows.push(paint.bad(`✗ ${many(verdict.unchecked, 'line')} not checked: of more processes than can be told apart`))
  return `${[...rows, conclusion(verdict, paint)].join('\n')}\n`
}

function processRows(process: ProcessVerdict, { columns, paint }: Screen): string[] {
  const { service, place, boot_id, first_seq, last_seq, missing, torn } = process
  const name = [service ?? 'no service', place, boot_id].filter((part) => part !== undefined).join(' ')
  const isGood = missing === 0 && torn === 0 && process.disagreement === 0
  const range = `lines ${formatCount(first_seq)} to ${formatCount(last_seq)}`
  const head = cut(`${isGood ? '✓' : '✗'} ${oneLine(name)}, ${range}, ${process.from ?? ''}`, columns)
  const notes = [...losses(process, paint), ...notesOf(process).map((note) => paint.faint(note))]
  return [isGood ? paint.good(head) : paint.bad(head), ...notes.map((note) => `    ${note}`)]
}

function losses(process: ProcessVerdict, paint: Paint): string[] {
  const { missing, gaps, missing_dropped, missing_unaccounted, first_seq } = process
  const rows: string[] = []
  if (missing > 0) {
    rows.push(paint.bad(`${many(missing, 'line')} missing: ${ranges(gaps)}`))
    if (gaps[0]?.from === 1 && first_seq > 1)
      rows.push(`those up to ${formatCount(first_seq - 1)} were before the files (--window allows that)`)
    if (missing_dropped > 0)
      rows.push(
        `${formatCount(missing_dropped)} of them the logger counted itself: its destination could not take them`,
      )
    if (missing_unaccounted > 0 && missing_dropped > 0)
      rows.push(`${formatCount(missing_unaccounted)} were lost after the logger wrote them`)
  }
  if (process.torn > 0) rows.push(paint.bad(`${many(process.torn, 'line')} damaged, known by the end`))
  if (process.disagreement !== 0) {
    rows.push(
      paint.bad(
        `its own count is off the numbers by ${process.disagreement}: lines were numbered and not counted, or changed`,
      ),
    )
  }
  return rows
}

function notesOf(process: ProcessVerdict): string[] {
  const { repeats, repeated, ending, counters, is_restart } = process
  const rows: string[] = []
  if (is_restart) rows.push('a restart: numbers begin anew')
  if (repeats > 0)
    rows.push(`${many(repeats, 'line')} repeated: ${ranges(repeated.map((seq) => ({ from: seq, to: seq })))}`)
  if (counters !== undefined && counters.sampledOut > 0)
    rows.push(`${formatCount(counters.sampledOut)} sampled out by policy, and not missing`)
  if (ending === 'closed') rows.push('ended in order: its closing counters are the last line')
  if (ending === 'killed')
    rows.push('no closing counters, and a restart follows: it was killed; what it had not written yet is unknown')
  if (ending === 'open') rows.push('no closing counters: it still runs, or was killed, or its last lines are cut off')
  return rows
}

function conclusion(verdict: Verdict, paint: Paint): string {
  const { is_complete, is_numbered, missing, torn, lines, processes } = verdict
  if (!is_numbered && torn === 0)
    return paint.bad(
      `nothing can be proven: none of ${many(lines, 'line')} has boot_id and seq (createLogger({ sequence: true }))`,
    )
  const numbered = processes.reduce((sum, process) => sum + process.lines, 0)
  const what = `${many(numbered, 'numbered line')} of ${many(processes.length, 'process', 'es')}`
  if (is_complete) return paint.good(`nothing is missing among ${what}`)
  const found = [
    ...(missing > 0 ? [`${formatCount(missing)} missing`] : []),
    ...(torn > 0 ? [`${formatCount(torn)} torn`] : []),
  ]
  return paint.bad(`incomplete: ${found.length === 0 ? 'see above' : found.join(', ')}, among ${what}`)
}

function many(count: number, word: string, ending = 's'): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : ending}`
}

function ranges(list: readonly Range[]): string {
  const shown = list.slice(0, SHOWN).map(({ from, to }) => (from === to ? String(from) : `${from} to ${to}`))
  return shown.join(', ') + (list.length > SHOWN ? ', …' : '')
}

function places(list: readonly Place[], count: number): string {
  const shown = list.slice(0, SHOWN).map(({ file, line }) => `${oneLine(file)}:${line}`)
  return shown.join(', ') + (count > SHOWN ? ', …' : '')
}
