/** A CPU profile, made by V8 as `--cpu-prof` makes it, of a stretch of time. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'

/**
 * @param run What is profiled.
 * @param save A path for the whole profile, which the flame chart of Chrome's or VS Code's developer tools shows.
 * @returns the functions with the largest times of their own, each with its share of all time but the idle.
 */
export async function profiled(run, save) {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  await run()
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  if (save !== undefined) writeFileSync(save, JSON.stringify(profile))
  return ownTimes(profile)
}

export function ownTimes({ nodes, samples, timeDeltas }) {
  const nameOf = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]))
  const times = new Map()
  let total = 0
  for (const [index, id] of samples.entries()) {
    const name = nameOf.get(id)
    if (name === '(idle)' || name.endsWith('(node:inspector)')) continue
    total += timeDeltas[index]
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index])
  }
  return [...times]
    .map(([name, time]) => ({ name, share: Number((time / total).toFixed(3)) }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 12)
}

/** A function and the package or the module of Node that it is from. */
function placeOf({ functionName, url }) {
  const name = functionName === '' ? (url === '' ? '(native code)' : '(anonymous)') : functionName
  const installed = url.split('/node_modules/').at(-1)
  const ours = /\/packages\/([^/]+)\//.exec(url)?.[1]
  const own = /\/test\/bench\/(.*)$/.exec(url)?.[1]
  if (url === '') return name
  if (url.startsWith('node:')) return `${name} (${url})`
  if (own !== undefined) return `${name} (the benchmark)`
  if (ours !== undefined) return `${name} (${ours === 'core' ? 'throughline' : `@throughline/${ours}`})`
  return `${name} (${installed
    .split('/')
    .slice(0, installed.startsWith('@') ? 2 : 1)
    .join('/')})`
}
