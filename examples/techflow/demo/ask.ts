import { styleText } from 'node:util'
import { CommandFailed, evidenceIn } from './evidence.ts'
import { type Claim, QUESTIONS } from './questions.ts'

/** Lines that are shown of a command's output, before its last one. */
const SHOWN = 12

/**
 * Asks all questions of the files in a folder, and tells whether every answer is right. A command that fails ends it, with
 * the command's own words.
 */
export async function ask(folder: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await askAll(folder, signal)
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error
    console.error(error.message)
    return false
  }
}

async function askAll(folder: string, signal: AbortSignal): Promise<boolean> {
  const evidence = evidenceIn(folder, show, signal)
  const claims: Claim[] = []
  for (const [question, answer] of QUESTIONS) {
    console.log(`\n${styleText('bold', question)}\n`)
    const found = await answer(evidence)
    found.forEach(tell)
    claims.push(...found)
  }
  const wrong = claims.filter(({ holds }) => !holds).length
  console.log()
  tell({
    text: wrong === 0 ? `all ${claims.length} answers are right` : `${wrong} of ${claims.length} answers are wrong`,
    holds: wrong === 0,
  })
  return wrong === 0
}

export function tell({ text, holds }: Claim): void {
  console.log(holds ? styleText('green', `✓ ${text}`) : styleText('red', `✗ ${text}`))
}

/** The beginning and the end of what a command wrote, without stack frames. */
function show(command: string, text: string): void {
  const lines = text
    .trimEnd()
    .split('\n')
    .filter((line) => !/^[│ ]+at /.test(line))
  const left = lines.length - SHOWN - 1
  const shown =
    left > 0 ? [...lines.slice(0, SHOWN), styleText('dim', `… ${left} more lines`), ...lines.slice(-1)] : lines
  console.log(`  ${styleText('cyan', `$ ${command}`)}`)
  for (const line of shown) console.log(`  ${line}`)
  console.log()
}
