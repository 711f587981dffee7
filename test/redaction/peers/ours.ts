import { createLogger, memory, type RedactOptions } from 'throughline'
import type { Answer, PeerCase } from './case.js'

/** What stands on every line, of either. */
const STANDING = ['time', 'level', 'pid', 'hostname', 'service', 'logger']

/** A peer's case, put to us: the same paths, the same censor, nothing else redacted. */
export function ours({ name, options, bindings, given }: PeerCase): Answer {
  const destination = memory()
  const { paths, remove } = options
  const censor = 'censor' in options && options.censor !== undefined ? options.censor : defaultCensor(name)
  const redact = {
    defaults: false,
    paths: paths ?? [],
    censor: remove === true ? 'remove' : typeof censor === 'string' ? { text: censor } : censor,
  } as RedactOptions
  try {
    const root = createLogger({ env: {}, service: 's', destination, format: 'pino', redact })
    let log = root
    for (const [fields, own] of bindings) log = log.child(fields as never, own)
    if (given !== undefined) log.info(...(given as [string]))
  } catch {
    return { threw: true }
  }
  if (given === undefined) return { output: undefined }
  return { output: fieldsOf(destination.records[0] ?? {}) }
}

/** Of a line, what the caller said. A message that nobody gave is none. */
export function fieldsOf(output: unknown): unknown {
  if (typeof output !== 'object' || output === null) return output
  const fields = Object.entries(output).filter(([key]) => !STANDING.includes(key))
  return Object.fromEntries(fields.filter(([key, value]) => key !== 'msg' || value !== ''))
}

function defaultCensor(name: string): string {
  return name.startsWith('pino:') ? '[Redacted]' : '[REDACTED]'
}
