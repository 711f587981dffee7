import { createHash } from 'node:crypto'
import { placesOf } from 'throughline/internal'
import { severityOf } from '../record/severity.js'
import { formatMs } from '../terminal/numbers.js'
import type { Hop } from './hop.js'
import { STYLE } from './page-style.js'
import type { TracedLine } from './trace-search.js'
import { flatten, type TreeNode } from './tree.js'
import { durationOf, type Story, spanOf, summaryOf } from './waterfall.js'

/** The page's only code: what is typed into the filter hides the lines that do not have it, in whatever field. */
const FILTER = `const text = this.value.toLowerCase()
let shown = 0
for (const line of document.querySelectorAll('.line')) {
  line.hidden = !line.textContent.toLowerCase().includes(text)
  if (!line.hidden) shown++
}
document.querySelector('output').value = shown`

/** Allows the page's style and the one handler above, by its hash; no other code, and nothing from a network, should a line ever get past the escaping. */
const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-hashes' 'sha256-${createHash('sha256').update(FILTER).digest('base64')}'`

/** The story as one page that stands on its own and needs no network: the waterfall, and the lines, each with its JSON on a click. */
export function page(story: Story): string {
  const { id, traces, lines, tree } = story
  const { start, end } = spanOf(tree)
  const hops = flatten(tree).map((node) => hopRow(node, start, Math.max(1, end - start)))
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${htmlText(id)}</title>
<style>${STYLE}</style>
<h1>${htmlText(id)}</h1>
<p>${htmlText(summaryOf(story))}</p>
${traces.map((trace) => `<p class="faint">trace ${htmlText(trace)}</p>\n`).join('')}<section aria-label="Waterfall">
<div class="axis faint"><span></span><span></span><span>0 ms</span><span>${htmlText(formatMs(end - start))}</span></div>
${hops.join('\n')}
</section>
<section aria-label="Lines">
<div class="head"><h2>Lines</h2><span class="faint"><output>${lines.length}</output> of ${lines.length}, times in UTC</span>
<input type="search" placeholder="Filter: a level, a service, any text" aria-label="Filter the lines" oninput="${htmlText(FILTER)}"></div>
${lines.map(lineRow).join('\n')}
</section>
</html>
`
}

function hopRow({ hop, depth }: TreeNode, start: number, whole: number): string {
  const { status, failure, lines } = hop
  const left = share(hop.start - start, whole)
  const width = Math.max(0.3, share(hop.end - hop.start, whole))
  const indent = Math.min(depth, 20) * 1.2
  const why =
    failure === undefined ? '' : `<span class="failure" style="padding-left:${indent}em">${htmlText(failure)}</span>`
  return `<details class="hop ${hop.failed ? 'failed' : hop.kind}"><summary>
<span class="label" style="padding-left:${indent}em">${nameOf(hop)}</span>
<span class="${hop.failed ? 'bad' : 'faint'}">${status ?? ''}</span>
<span class="track"><span class="bar" style="left:${Math.min(99.7, left)}%;width:${width}%"></span></span>
<span class="duration">${htmlText(durationOf(hop))}</span>
${why}</summary><pre>${lines.map(({ record }) => htmlText(JSON.stringify(record))).join('\n')}</pre></details>`
}

function nameOf({ service, name, kind, failed, isOpen, isUnderstood }: Hop): string {
  if (failed) return `<span class="bad">✗</span> ${htmlText(kind === 'call' ? name : `${service} ${name}`)}`
  if (!isUnderstood) return `<span class="warn">?</span> ${htmlText(`${service} ${name}`)}`
  if (kind === 'call') return `<span class="faint">→</span> ${htmlText(name)}`
  const mark = isOpen ? '<span class="warn">…</span>' : '<span class="good">✓</span>'
  return `${mark} ${htmlText(`${service} ${name}`)}`
}

function share(part: number, whole: number): number {
  return Math.round((part / whole) * 1e5) / 1e3
}

/** In the columns, in the head of the page, or the same on every line; all of it is in the line's JSON. */
const placeOf = placesOf({ hide: ['request_id', 'trace_id', 'span_id', 'parent_span_id'] })

function lineRow({ record }: TracedLine): string {
  const { timestamp, level, service, message, logger, error, error_type: type, traceback } = record
  const fields = Object.entries(record)
    .filter(([name]) => placeOf(name) === 'field')
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const title = [type, error].filter((part) => typeof part === 'string').join(': ')
  const stack = typeof traceback === 'string' ? traceback : title
  const day = typeof timestamp === 'string' ? timestamp : ''
  return `<details class="line"><summary><time title="${htmlText(day)}">${htmlText(timeOfDay(day))}</time>
<span class="level ${levelClass(level)}">${htmlText(String(level ?? ''))}</span>
<span class="name">${htmlText(String(service ?? ''))}</span>
<span class="text">${logger === undefined ? '' : `<span class="name">${htmlText(String(logger))}:</span> `}${htmlText(String(message ?? ''))}
<span class="faint">${htmlText(fields.join(' '))}</span>${stack === '' ? '' : `<div class="stack">${stackOf(stack)}</div>`}</span>
</summary><pre>${htmlText(JSON.stringify(record, null, 2))}</pre></details>`
}

function timeOfDay(timestamp: string): string {
  const time = timestamp.slice(timestamp.indexOf('T') + 1)
  return time.endsWith('Z') ? time.slice(0, -1) : time
}

/** An error's own words, its frames, and those of libraries and of Node itself fainter. */
function stackOf(stack: string): string {
  return stack
    .split('\n')
    .map((line) => {
      const isFrame = /^\s*at /.test(line)
      const isForeign = isFrame && /node_modules|[( ]node:/.test(line)
      return `<span class="${isForeign ? 'faint' : isFrame ? 'frame' : 'bad'}">${htmlText(line)}</span>`
    })
    .join('\n')
}

function levelClass(level: unknown): string {
  const severity = severityOf(level) ?? 0
  return severity >= 50 ? 'bad' : severity >= 40 ? 'warn' : 'faint'
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML shows it, in an element or a quoted attribute. Control characters that HTML forbids become their pictures. */
function htmlText(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the page
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
}
