import { serving } from '../serving.mjs'

/** What the cases have in common; a server warms up slowly, and a request is short beside what disturbs it. */
const request = {
  unit: 'µs',
  baseline: 'no logging',
  settings: ({ sets, rounds, warmUpMs, roundMs }) => ({
    sets,
    rounds: Math.min(rounds, 7),
    warmUpMs: 3 * warmUpMs,
    roundMs: 10 * roundMs,
  }),
}

const express = () => import('../servers/express.mjs')
const fastify = () => import('../servers/fastify.mjs')

/** @param isBuffered Whether 4 K gather or each line is written. */
const server = (load, name, isBuffered) => serving(async (place) => (await load())[name](place, isBuffered))

export const cases = [true, false].flatMap((isBuffered) => {
  const written = isBuffered ? 'buffered' : 'a write per line'
  const suffix = isBuffered ? 'buffered' : 'per-line'
  return [
    {
      ...request,
      id: `express-${suffix}`,
      name: `Express 5, CPU added to a request, ${written}: our two lines, ids and context, pino-http's one line`,
      bars: [{ against: 'pino-http', atMost: 0.5 }],
      contenders: {
        throughline: server(express, 'throughline', isBuffered),
        'no logging': server(express, 'bare', isBuffered),
        'pino-http': server(express, 'pinoHttp', isBuffered),
        'cls-rtracer and pino-http': server(express, 'tracedPinoHttp', isBuffered),
        'express-winston': server(express, 'expressWinston', isBuffered),
      },
    },
    {
      ...request,
      id: `fastify-${suffix}`,
      name: `Fastify 5, CPU added to a request, ${written}: our two lines, ids and context, the built-in logger's two lines`,
      everywhere: true,
      bars: [{ against: 'built-in logger', atMost: { 20: 1, 22: 1, 24: 0.5, 26: 0.5 } }],
      contenders: {
        throughline: server(fastify, 'throughline', isBuffered),
        'no logging': server(fastify, 'bare', isBuffered),
        'built-in logger': server(fastify, 'builtIn', isBuffered),
      },
    },
  ]
})
