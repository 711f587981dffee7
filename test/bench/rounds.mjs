/**
 * How a contender is timed, in its own process. A contender is what a case's maker gives:
 *
 * - a function, called in a loop with a running number;
 * - `{ call, around }`: the same, the loop being run by `around`;
 * - `{ call, turn, done }`: so many calls in each turn of the event loop; a round ends when `done` has resolved;
 * - `{ round, calls }`: measures a round of so many calls itself, in the unit of its case.
 *
 * The first three give nanoseconds of CPU time a call: that of the whole process, so that nothing is hidden in the garbage
 * collector's threads or those that write files, and nothing added by other programs and by a reader that keeps one waiting.
 */
import { setImmediate } from 'node:timers/promises'

/** @returns a function of the number of calls, which runs a round and resolves to its figure. */
export function roundsOf(contender) {
  if (typeof contender === 'function') return looped(contender, (loop) => loop())
  if (contender.round !== undefined) return (calls) => contender.round(contender.calls ?? calls)
  if (contender.turn === undefined) return looped(contender.call, contender.around)
  return inTurns(contender)
}

/** User and system time of the process so far, in microseconds. */
export function cpuTime() {
  const { user, system } = process.cpuUsage()
  return user + system
}

function looped(call, around) {
  let next = 0
  return async (calls) => {
    const started = cpuTime()
    around(() => loop(call, next, calls))
    const ns = ((cpuTime() - started) * 1000) / calls
    next += calls
    return ns
  }
}

function loop(call, from, calls) {
  for (let i = from; i < from + calls; i++) call(i)
}

function inTurns({ call, turn, done }) {
  let next = 0
  return async (calls) => {
    const turns = Math.max(1, Math.round(calls / turn))
    const started = cpuTime()
    for (let i = 0; i < turns; i++) {
      loop(call, next, turn)
      next += turn
      await setImmediate()
    }
    await done()
    return ((cpuTime() - started) * 1000) / (turns * turn)
  }
}

/**
 * Runs rounds until they have taken so much CPU time, so that what is measured is optimised code.
 *
 * @returns how many calls take `roundMs` of it.
 */
export async function warmUp(round, ms, roundMs) {
  const [started, deadline] = [cpuTime(), performance.now() + 10 * ms]
  let calls = 10
  for (;;) {
    const before = cpuTime()
    await round(calls)
    const now = cpuTime()
    const wanted = Math.max(1, Math.round((calls * roundMs * 1000) / Math.max(now - before, 10)))
    if (now - started >= ms * 1000 || performance.now() > deadline) return wanted
    calls = Math.min(wanted, calls * 10)
  }
}
