export type { ExitStatus } from './exit-status.js'
export { type Io, processIo, type Screen } from './io.js'
export { run } from './run.js'
