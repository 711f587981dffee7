import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSync } from 'recheck'
import { createLogger, memory } from 'throughline'

// `pnpm check:redos`: no pattern that reads logged text can be made to backtrack without end.

const fixtures = join(import.meta.dirname, '../../packages/core/src/redact/detect/fixtures')

/**
 * Every pattern that is tried while the corpus is logged, whatever file it stands in: each of them goes through
 * `RegExp.prototype.exec`, that of `replace`, `split` and `test` too.
 */
function patternsInUse(): ReadonlyMap<string, RegExp> {
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
  return seen
}

/**
 * The issuers' keys are one pattern of dozens of alternatives, more than the checker holds at once. Each takes a bounded
 * number of steps from each place, because nothing in it repeats without bound but its very end, behind which nothing fails.
 */
function isBoundedUpToItsEnd(source: string): boolean {
  const bare = source.replace(/\\./g, 'x').replace(/\[[^\]]*\]/g, 'x')
  return bare.split('|').every((alternative) => !/(?:[+*]|\{\d+,\})(?!\)?$)/.test(alternative))
}

/** Only ever read in slices of 160 characters. */
const READ_IN_SLICES = '(?:name|key|header)'

const patterns = [...patternsInUse().values()]
// Fewer would mean that the patterns were not seen.
if (patterns.length < 40) throw new Error(`only ${patterns.length} patterns were seen`)
const unsafe = patterns.flatMap(({ source, flags }) => {
  if (source.includes(READ_IN_SLICES)) return []
  if (source.length > 1000) return isBoundedUpToItsEnd(source) ? [] : [{ source }]
  const { status } = checkSync(source, flags, { timeout: 60_000 })
  return status === 'safe' ? [] : [{ source, flags, status }]
})
if (unsafe.length > 0) {
  console.error('patterns that can be made to backtrack:', unsafe)
  process.exitCode = 1
}
