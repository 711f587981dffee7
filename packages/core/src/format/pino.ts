import { hostname } from 'node:os'
import type { StoreFormat } from './format.js'

/**
 * The lines of pino, for what reads them: pino-pretty, pino's transports, dashboards built on them.
 *
 * Names and numbers: https://github.com/pinojs/pino/blob/main/docs/api.md (`levels`, `messageKey`, `errorKey`,
 * `timestamp`, `base`); the error's object: https://github.com/pinojs/pino-std-serializers (`err`).
 */
export function pino(): StoreFormat {
  return {
    names: { timestamp: 'time', message: 'msg', error: 'err', response_time_ms: 'responseTime' },
    levels: { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 },
    timestamp: 'epoch_ms',
    constants: { pid: process.pid, hostname: hostname() },
    aliases: { err: 'error' },
    errors: 'object',
  }
}
