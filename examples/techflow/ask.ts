/** Asks the questions again, of files that a demo has kept: `npx -y pnpm@12 demo:ask FOLDER`. */
import { ask } from './demo/ask.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('demo:ask FOLDER: accepted: the folder that "demo --keep" has kept')
process.exitCode = (await ask(folder, new AbortController().signal)) ? 0 : 1
