import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, memory } from 'throughline'

const fixtures = join(import.meta.dirname, '../../packages/core/src/redact/detect/fixtures')

/**
 * Every pattern that is tried while the detectors' corpus is logged, those that are put together at run time among them:
 * each goes through `RegExp.prototype.exec`, that of `replace`, `split` and `test` too.
 */
export function patternsInUse(): readonly RegExp[] {
  const lines = ['untouched', 'censored'].flatMap((name) =>
    readFileSync(join(fixtures, `${name}.txt`), 'utf8')
      .replaceAll(/[§«»]/g, '')
      .split('\n'),
  )
  const seen = new Map<string, RegExp>()
  const { exec } = RegExp.prototype
  RegExp.prototype.exec = function (text) {
    seen.set(String(this), this)
    return exec.call(this, text)
  }
  try {
    const log = createLogger({ env: {}, service: 's', destination: memory(), redact: { detect: 'all' } })
    for (const line of lines) log.info(line, { [line]: 1, url: line, at: new URL('https://h/?token=1') })
  } finally {
    RegExp.prototype.exec = exec
  }
  return [...seen.values()]
}
