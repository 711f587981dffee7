import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from './logs.ts'
import type { Remains } from './soak.ts'

/** What the services cannot do wrong themselves: lines that are lost behind them, and requests that nobody logged. */
export function sabotage({ witnesses, loki, moods, folder }: Remains): void {
  loki.entries.splice(10, 1)
  delete moods.met['is gone']
  writeFileSync(join(folder, 'left.segment'), 'a line')
  for (const { rotation, traffic } of witnesses) {
    const path = rotation.files.at(-1) as string
    const lines = textOf(path).split('\n')
    writeFileSync(path, lines.toSpliced(Math.floor(lines.length / 2), 1).join('\n'))
    traffic.failed.push('a request that was never logged')
    traffic.outcomes['5xx']++
  }
}
