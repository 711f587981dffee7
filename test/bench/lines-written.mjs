/** Prints how many lines each contender of a case whose target is a file writes for so many calls: `lines-written.mjs ID CALLS`. */
import { linesOf } from './contest.mjs'
import { allCases } from './families.mjs'

const [id, calls] = process.argv.slice(2)
const oneCase = (await allCases()).find((one) => one.id === id)
console.log(JSON.stringify(await linesOf(oneCase, process.execPath, Number(calls))))
