/** What the figures were measured on, without a name of the machine. */
import { readFileSync } from 'node:fs'
import { arch, cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'

export function machine() {
  const all = cpus()
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release().replace(/-.*/, '')} ${arch()}`,
  }
}

/** The peers, by the names of their packages. */
const PEERS = [
  '@logtape/logtape',
  '@opentelemetry/sdk-logs',
  '@pinojs/redact',
  'bole',
  'bunyan',
  'cls-rtracer',
  'evlog',
  'express',
  'express-winston',
  'fast-redact',
  'fastify',
  'pino',
  'pino-http',
  'pino-pretty',
  'undici',
  'winston',
]

export function versions() {
  return Object.fromEntries(PEERS.map((name) => [name, installed(name)]))
}

function installed(name) {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../node_modules', name, 'package.json'), 'utf8')).version
}
