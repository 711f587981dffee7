/**
 * The command `throughline` as a function, for tests and for programs that bring it along.
 *
 * @module @throughline/cli
 */
export type { ExitStatus } from './exit-status.js'
export { Interrupt } from './interrupt.js'
export { type Io, processIo, type Screen } from './io.js'
export { run } from './run.js'
