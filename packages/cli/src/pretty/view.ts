import { harmless, type Renderer } from 'throughline/internal'
import type { Line } from '../input/lines.js'
import type { LogRecord } from '../record/record.js'

/** Which lines are shown, and how. */
export interface View {
  wants(line: Line): boolean
  /** Looks at lines that are shown next. */
  prepare?(lines: readonly Line[]): void
  textOf(line: Line): string
}

type Wants = View['wants']

/** Lines as people read them, with the service once there is more than one. */
export function readableView(wants: Wants, renderer: Renderer): View {
  return {
    wants,
    prepare(lines) {
      for (const line of lines) {
        renderer.expect(serviceOf(line))
        // A name that was put before the line was asked for.
        if (line.origin !== undefined) renderer.service = true
      }
    },
    textOf(line) {
      const { record, origin, text } = line
      if (record === undefined) return `${origin === undefined ? '' : `[${harmless(origin)}] `}${harmless(text)}\n`
      return renderer.record(withOrigin(record, origin))
    },
  }
}

/**
 * Records as lines of JSON, with our names whatever wrote them. A line that has these names already is passed on as it is,
 * so that long numbers keep their digits.
 *
 * @param isChosen Which fields, by name; all, where it is `undefined`.
 */
export function jsonView(wants: Wants, isChosen: ((name: string) => boolean) | undefined): View {
  return {
    wants,
    textOf({ record = {}, origin, text, object }) {
      const full = withOrigin(record, origin)
      if (isChosen === undefined) return full === object ? `${text}\n` : `${JSON.stringify(full)}\n`
      return `${JSON.stringify(Object.fromEntries(Object.entries(full).filter(([name]) => isChosen(name))))}\n`
    },
  }
}

/** Lines of which only the number is asked for. */
export function countView(wants: Wants): View {
  return { wants, textOf: () => '' }
}

/** Where a record does not say its service, the container's name stands for it. */
function withOrigin(record: LogRecord, origin: string | undefined): LogRecord {
  return origin === undefined || record.service !== undefined ? record : { ...record, service: origin }
}

function serviceOf({ record, origin }: Line): unknown {
  return record === undefined ? undefined : (record.service ?? origin)
}
