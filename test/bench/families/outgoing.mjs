import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { throughline } from '../loggers/throughline.mjs'
import { cpuTime } from '../rounds.mjs'

const AT_ONCE = 10

export const cases = [
  {
    id: 'undici',
    name: "CPU added to a call of undici's `request` by the interceptor, within a context",
    unit: 'µs',
    target: 'pipe',
    nodes: [22, 24, 26],
    bars: [{ against: 'no interceptor', atMostMore: 3 }],
    settings: ({ sets, rounds, warmUpMs, roundMs }) => ({
      sets,
      rounds,
      warmUpMs: 4 * warmUpMs,
      roundMs: 10 * roundMs,
    }),
    contenders: {
      throughline: calling('info'),
      'no interceptor': calling(),
      'throughline, with a line for each call': calling('debug'),
    },
  },
]

/** @param level The logger's, which shows the calls at `debug` alone; without one there is no interceptor. */
function calling(level) {
  return async (place) => {
    const { Agent, request } = await import('undici')
    const { correlation } = await import('@throughline/undici')
    const { context } = await import('throughline')
    const server = fork(join(import.meta.dirname, '../answering.mjs'), { execArgv: [] })
    const [port] = await once(server, 'message')
    const agent = new Agent({ connections: AT_ONCE })
    const log = level === undefined ? undefined : await throughline('turn', { level })(place)
    const dispatcher = log === undefined ? agent : agent.compose(correlation({ log }))
    const call = async () => {
      const { body } = await request(`http://127.0.0.1:${port}/orders/7`, { dispatcher })
      await body.text()
    }
    return {
      async round(calls) {
        const started = cpuTime()
        await context.run({ request_id: 'req-123-abc' }, async () => {
          for (let i = 0; i < calls; i += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, call))
        })
        return (cpuTime() - started) / (Math.ceil(calls / AT_ONCE) * AT_ONCE)
      },
    }
  }
}
