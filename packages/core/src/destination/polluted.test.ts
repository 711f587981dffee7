import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { LEVELS } from '../levels/level.js'
import { fanOut } from './fan-out.js'
import { file } from './file.js'
import { memory } from './memory.js'
import { pretty } from './pretty.js'

const polluted = Object.prototype as Record<string, unknown>
const NAMES = [
  'policy',
  'mode',
  'mkdir',
  'rotate',
  'reopenOn',
  'maxQueuedBytes',
  'maxLines',
  'level',
  'destination',
  'colors',
  'timeoutMs',
]

afterEach(() => {
  for (const name of NAMES) delete polluted[name]
})

it('takes no option from Object.prototype', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'logs', 'app.log')
  const values = ['line', 0o777, false, { size: 1 }, 'SIGHUP', 1, 1, 'fatal', memory(), true, 0]
  for (const [i, name] of NAMES.entries()) polluted[name] = values[i]
  const [kept, shown] = [memory(), memory()]
  const destination = fanOut([file(path), kept, { destination: pretty(shown) }])
  for (let n = 0; n < 3; n++) destination.write('{"level":"INFO","message":"line"}\n', LEVELS.info)
  // Neither written at once, nor to files of a byte.
  expect(readFileSync(path, 'utf8')).toBe('')
  await destination.close()
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4)
  expect(existsSync(join(folder, 'logs', 'app.log.1'))).toBe(false)
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(kept.lines).toHaveLength(3)
  expect(shown.lines.join('')).not.toContain('\u001b[')
})

it('takes options from any other prototype', () => {
  class Options {
    get maxLines() {
      return 2
    }
  }
  for (const options of [new Options(), Object.create({ maxLines: 2 }) as Options]) {
    const kept = memory(options)
    for (let n = 0; n < 3; n++) kept.write('line\n', LEVELS.info)
    expect(kept.lines).toHaveLength(2)
  }
})
