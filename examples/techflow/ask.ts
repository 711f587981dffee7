/** Asks the questions again, of files that a demo has kept: `node ask.ts FOLDER`. */
import { ask } from './demo/ask.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('ask.ts FOLDER: accepted: what "demo --keep" has kept')
process.exitCode = (await ask(folder, new AbortController().signal)) ? 0 : 1
