import { oneLine, TimeText } from 'throughline/internal'
import { cells, cut } from '../terminal/cells.js'
import { formatMs } from '../terminal/numbers.js'
import type { ListedRequest } from './request-list.js'
import type { Screen } from './waterfall.js'

const INDENT = '  '

/** Requests to choose from: two rows each, the second with the id that `trace` takes. */
export function requestTable(requests: readonly ListedRequest[], { columns, paint, local }: Screen): string {
  const times = new TimeText({ date: 'heading', local })
  const rows = requests.map((request) => {
    const { date, text } = times.of(isoOf(request.time))
    return { request, date, time: text, took: request.durationMs === undefined ? '' : formatMs(request.durationMs) }
  })
  const timeCells = Math.max(0, ...rows.map(({ time }) => time.length))
  const tookCells = Math.max(0, ...rows.map(({ took }) => took.length))
  const text = rows.map(({ request, date, time, took }) => {
    const { id, service, name, status, failed, failure } = request
    const mark = failed ? paint.bad('✗') : paint.good('✓')
    const code = status === undefined ? '   ' : String(status).padEnd(3).slice(0, 3)
    const figures = `${paint.faint(time.padEnd(timeCells))}  ${failed ? paint.bad(code) : paint.good(code)}  ${took.padStart(tookCells)}`
    const room = columns - timeCells - tookCells - 13
    const [serviceText, nameText] = [oneLine(service), oneLine(name)]
    const place = cut(`${serviceText} ${nameText}`.trim(), room)
    const named = place.startsWith(`${serviceText} `)
      ? `${paint.name(serviceText)}${place.slice(serviceText.length)}`
      : place
    const words = failure === undefined ? '' : cut(oneLine(failure), columns - cells(id) - 2 * INDENT.length)
    return `${date === '' ? '' : `${paint.faint(date)}\n`}${mark} ${figures}  ${named}\n${INDENT}${oneLine(id)}${words === '' ? '' : INDENT}${paint.bad(words)}\n`
  })
  return text.join('')
}

function isoOf(time: number): string | undefined {
  return Number.isFinite(time) ? new Date(time).toISOString() : undefined
}
