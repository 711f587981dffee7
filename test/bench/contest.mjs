/** Medians of interleaved rounds: in every round each contender has its turn, so that a drifting machine drifts for all. */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAM = join(import.meta.dirname, 'contender.mjs')

/**
 * Measures a case.
 *
 * @param node The Node that its contenders run on.
 * @param names Which contenders: by name, or as `{ label, name, root }` from another checkout, with a label for its samples.
 * @param settings `{ sets, rounds, warmUpMs, roundMs }`; a set of rounds has processes of its own.
 * @returns each contender's samples, one for each round.
 */
export async function contest(oneCase, node, names, settings) {
  const samples = Object.fromEntries(names.map((name) => [name.label ?? name, []]))
  const { sets, rounds, warmUpMs, roundMs } = { ...settings, ...oneCase.settings?.(settings) }
  for (let set = 0; set < sets; set++) {
    await withContenders(oneCase, node, names, async (contenders) => {
      for (const { ask } of contenders) await ask('warm', { ms: warmUpMs, roundMs })
      for (let round = 0; round < rounds; round++) {
        for (const { name, ask } of contenders) samples[name].push(await ask('round'))
      }
    })
  }
  return samples
}

/** Where the time of a contender goes: see `profiled.mjs`. */
export async function profileOf(oneCase, node, name, { save } = {}) {
  let profile
  await withContenders(oneCase, node, [name], async ([{ ask }]) => {
    await ask('warm', { ms: 1000, roundMs: 200 })
    profile = await ask('profile', { rounds: 10, save })
  })
  return profile
}

/** How many lines each contender of a case writes to a file for so many calls. */
export async function linesOf(oneCase, node, calls) {
  const lines = {}
  await withContenders(oneCase, node, Object.keys(oneCase.contenders), async (contenders) => {
    for (const { name, ask } of contenders) lines[name] = await ask('lines', { calls })
  })
  return lines
}

async function withContenders(oneCase, node, names, use) {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-bench-'))
  const contenders = []
  try {
    await oneCase.prepare?.(folder)
    for (const [index, name] of names.entries()) contenders.push(start(oneCase, node, name, folder, index))
    for (const { ready } of contenders) await ready
    await use(contenders)
  } finally {
    await Promise.all(contenders.map(({ end }) => end()))
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The contender's standard output is the case's target, which it may open by its path as well. */
function start(oneCase, node, entrant, folder, index) {
  const { label, name, root } = typeof entrant === 'string' ? { label: entrant, name: entrant } : entrant
  const path = target(oneCase.target, folder, index)
  const reader = oneCase.target === 'pipe' ? spawn('sh', ['-c', 'exec cat "$0" > /dev/null', path]) : undefined
  const place = JSON.stringify({ path, folder, isFile: oneCase.target === 'file', root })
  const command = [node, ...(oneCase.nodeArgs ?? []), PROGRAM, oneCase.family, oneCase.id, name, place]
  const child = spawn('sh', ['-c', 'exec "$@" >> "$0"', path, ...command], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Settings of the environment win over what the cases say.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production' },
  })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const answer = () =>
    new Promise((resolve, reject) => {
      const gone = (code) => reject(new Error(`${oneCase.name}, ${label}: ended with ${code}`))
      child.once('exit', gone)
      child.once('message', (message) => {
        child.off('exit', gone)
        resolve(message.answer)
      })
    })
  const ready = answer()
  // Waited for in turn; one that fails earlier than its turn is no unhandled rejection.
  ready.catch(() => {})
  return {
    name: label,
    ready,
    ask(question, options) {
      child.send({ command: question, ...options })
      return answer()
    },
    async end() {
      if (child.connected) child.disconnect()
      await ended
      reader?.kill()
    },
  }
}

function target(kind, folder, index) {
  const path = join(folder, `target-${index}`)
  if (kind === 'file') writeFileSync(path, '')
  else if (kind === 'pipe') execFileSync('mkfifo', [path])
  else return '/dev/null'
  return path
}
