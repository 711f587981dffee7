import { oneLine } from 'throughline/internal'
import { formatCount } from '../terminal/numbers.js'
import type { Paint } from '../terminal/paint.js'
import type { Finding } from './finding.js'

/** Findings of one check that are shown; `--json` has all. */
const SHOWN = 20

/** The findings as people read them. */
export function report(findings: readonly Finding[], lines: number, paint: Paint): string {
  const rows: string[] = []
  for (const check of new Set(findings.map((finding) => finding.check))) {
    const same = findings.filter((finding) => finding.check === check)
    rows.push(paint.title(check), ...same.slice(0, SHOWN).map((finding) => row(finding, paint)))
    if (same.length > SHOWN) rows.push(paint.faint(`  and ${formatCount(same.length - SHOWN)} more`))
  }
  const problems = findings.filter(({ severity }) => severity === 'problem').length
  const looked = `${formatCount(lines)} line${lines === 1 ? '' : 's'}`
  const end =
    problems === 0
      ? paint.good(`nothing that a log store would choke on, in ${looked}`)
      : paint.bad(`${formatCount(problems)} problem${problems === 1 ? '' : 's'} in ${looked}`)
  return `${[...rows, end].join('\n')}\n`
}

function row({ severity, text, count, place }: Finding, paint: Paint): string {
  const where = place === undefined ? '' : paint.faint(` ${oneLine(place.file)}:${place.line}`)
  const times = severity === 'problem' ? ` (${formatCount(count)}×)` : ''
  const mark = severity === 'problem' ? paint.bad('✗') : paint.warning('·')
  return `  ${mark} ${oneLine(text)}${times}${where}`
}
