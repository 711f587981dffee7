/**
 * What a destination of your own stands on, as `@throughline/transport` does: the bounded queue that drops the lowest level
 * first, the count of what it dropped and the line that tells of it, whether the process is about to end, and `ownTraffic` for one that
 * sends to another server.
 *
 * @module throughline/destination
 */
export { ownTraffic } from './context/own-traffic.js'
export { Backlog, type Line, type Waiting } from './destination/backlog.js'
export type { Destination, LineMaker } from './destination/destination.js'
export { isEnding } from './destination/exit.js'
export { levelLabel, Tally } from './destination/tally.js'
export { warnOnce } from './warn.js'
