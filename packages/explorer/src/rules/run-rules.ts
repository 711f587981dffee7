import { ExitStatus } from '@throughline/cli/reader'
import { LogQLError, queryRange } from '@throughline/logql'
import type { Ingest } from '../ingest/ingest.js'
import { pooledEngine } from '../loki/pooled-engine.js'
import { completenessOf } from '../store/completeness.js'
import type { LogStore } from '../store/log-store.js'
import type { Terminal } from '../terminal.js'
import { type Evaluate, type Firing, firingsOf } from './evaluate.js'
import { type RulesReport, reportJson, reportText } from './report.js'
import { readRules } from './rules-file.js'

/**
 * Evaluates a rules file over the files.
 *
 * @returns 1 where an alert would have fired, 2 where one cannot be evaluated.
 */
export async function runRules(
  path: string,
  isJson: boolean,
  store: LogStore,
  ingest: Ingest,
  { stdout, signal }: Terminal,
): Promise<ExitStatus> {
  const rules = await readRules(path)
  await ingest.load()
  const engine = pooledEngine(store)
  const evaluate: Evaluate = async (expression, range) => {
    const data = await queryRange(engine, expression, { ...range, limits: { length: 1n << 62n }, signal })
    if (data.resultType === 'matrix') return data.result
    throw new LogQLError('invalid', 'an alert needs an expression that gives numbers')
  }
  const { from, to } = await completenessOf(store)
  const firings: Firing[] = []
  const problems: { alert: string; reason: string }[] = []
  for (const rule of from === undefined || to === undefined ? [] : rules) {
    try {
      firings.push(...(await firingsOf(rule, evaluate, { from: from ?? 0n, to: to ?? 0n })))
    } catch (error) {
      if (!(error instanceof LogQLError)) throw error
      problems.push({ alert: rule.name, reason: error.message })
    }
  }
  const { read, unreadable } = ingest.account
  const report: RulesReport = { rules, firings, problems, lines: read, unreadable }
  stdout.write(isJson ? reportJson(report) : reportText(report))
  if (problems.length > 0) return ExitStatus.unusable
  return firings.length > 0 ? ExitStatus.found : ExitStatus.ok
}
