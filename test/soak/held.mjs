import { readdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

/** What this process has that somebody has to give back: listeners of `process`, handles and timers, descriptors. */
export function held() {
  const listeners = process.eventNames().map((event) => [`listeners of ${String(event)}`, process.listenerCount(event)])
  const found = { ...Object.fromEntries(listeners), ...counted(process.getActiveResourcesInfo()) }
  if (process.platform === 'linux') found.descriptors = readdirSync('/proc/self/fd').length
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function counted(names) {
  const counts = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  // The pause between two looks at all this.
  delete counts.Immediate
  return counts
}

/** Bytes in use once the garbage is gone, and bytes that the process has from the system. */
export async function used() {
  for (let i = 0; i < 3; i++) {
    globalThis.gc()
    await delay(10)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}
