import type { ProcessLog } from './process-log.js'

/** The processes of one service in one place, one after another: which of them took another's place. */
export class ProcessRuns {
  /** The two that began last, and the two that ended first: one may be the process that is asked for. */
  private readonly newest: readonly ProcessLog[]
  private readonly oldest: readonly ProcessLog[]

  constructor(logs: readonly ProcessLog[]) {
    this.newest = logs.toSorted((a, b) => b.firstTime - a.firstTime).slice(0, 2)
    this.oldest = logs.toSorted((a, b) => a.lastTime - b.lastTime).slice(0, 2)
  }

  /** Whether another began when this one had ended. */
  hasLater(log: ProcessLog): boolean {
    return this.newest.some((other) => other !== log && other.firstTime >= log.lastTime)
  }

  /** Whether another had ended when this one began. */
  hasEarlier(log: ProcessLog): boolean {
    return this.oldest.some((other) => other !== log && other.lastTime <= log.firstTime)
  }
}

/** By service and place. */
export function processRunsOf(logs: readonly ProcessLog[]): (log: ProcessLog) => ProcessRuns {
  const groups = new Map<string, ProcessLog[]>()
  const nameOf = ({ service, place }: ProcessLog) => JSON.stringify([service, place])
  for (const log of logs) {
    const group = groups.get(nameOf(log))
    if (group === undefined) groups.set(nameOf(log), [log])
    else group.push(log)
  }
  const runs = new Map([...groups].map(([name, group]) => [name, new ProcessRuns(group)]))
  return (log) => runs.get(nameOf(log)) ?? new ProcessRuns([])
}
