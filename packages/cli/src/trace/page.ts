import { formatMs } from '../terminal/numbers.js'
import type { Hop } from './hop.js'
import type { TracedLine } from './trace-search.js'
import { flatten, type TreeNode } from './tree.js'
import { durationOf, type Story, spanOf, summaryOf } from './waterfall.js'

/**
 * The story as one page that stands on its own: no script, nothing from a network, and a policy in the page that forbids
 * both, should a log line ever get past the escaping.
 */
export function page(story: Story): string {
  const { id, traces, lines, tree } = story
  const { start, end } = spanOf(tree)
  const hops = flatten(tree).map((node) => hopRow(node, start, Math.max(1, end - start)))
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${htmlText(id)}</title>
<style>${STYLE}</style>
<h1>${htmlText(id)}</h1>
<p>${htmlText(summaryOf(story))}</p>
${traces.map((trace) => `<p class="faint">trace ${htmlText(trace)}</p>\n`).join('')}<section aria-label="Waterfall">
<div class="axis faint"><span>0 ms</span><span>${htmlText(formatMs(end - start))}</span></div>
${hops.join('\n')}
</section>
<h2>Lines</h2>
<table>
<thead><tr><th>Time</th><th>Level</th><th>Service</th><th>Message</th></tr></thead>
<tbody>
${lines.map(lineRow).join('\n')}
</tbody>
</table>
</html>
`
}

function hopRow({ hop, depth }: TreeNode, start: number, whole: number): string {
  const left = share(hop.start - start, whole)
  const width = Math.max(0.3, share(hop.end - hop.start, whole))
  const kind = hop.failed ? 'failed' : hop.kind
  const failure = hop.failure === undefined ? '' : `<div class="failure">${htmlText(hop.failure)}</div>`
  return `<details class="hop ${kind}"><summary>
<span class="name" style="padding-left:${Math.min(depth, 20)}em">${htmlText(nameOf(hop))}</span>
<span class="status">${hop.status ?? ''}</span>
<span class="track"><span class="bar" style="left:${Math.min(99.7, left)}%;width:${width}%"></span></span>
<span class="duration">${htmlText(durationOf(hop))}</span>
</summary>${failure}<ol>${hop.lines.map(({ record }) => `<li><code>${htmlText(JSON.stringify(record))}</code></li>`).join('')}</ol></details>`
}

function nameOf({ service, name, kind, failed, isOpen }: Hop): string {
  const mark = failed ? '✗' : isOpen ? '…' : kind === 'call' ? '→' : '✓'
  return kind === 'call' ? `${mark} ${name}` : `${mark} ${service} ${name}`
}

function share(part: number, whole: number): number {
  return Math.round((part / whole) * 10_000) / 100
}

const IN_COLUMNS = new Set(['timestamp', 'level', 'service', 'message', 'traceback', 'boot_id', 'seq'])

function lineRow({ record }: TracedLine): string {
  const { timestamp, level, service, message, traceback } = record
  const fields = Object.entries(record)
    .filter(([name]) => !IN_COLUMNS.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const stack = typeof traceback === 'string' ? `<pre>${htmlText(traceback)}</pre>` : ''
  const cells = [timestamp, level, service].map((value) => `<td>${htmlText(String(value ?? ''))}</td>`).join('')
  const about = `<div class="faint">${htmlText(fields.join(' '))}</div>`
  return `<tr class="${levelClass(level)}">${cells}<td>${htmlText(String(message ?? ''))}${about}${stack}</td></tr>`
}

function levelClass(level: unknown): string {
  return level === 'ERROR' || level === 'FATAL' ? 'error' : level === 'WARN' ? 'warn' : 'other'
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

const STYLE = `
:root { color-scheme: light dark; --bar: #2a7de1; --call: #8a94a6; --bad: #d33; --line: #8884 }
body { font: 14px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em }
h1 { font-size: 1.3em; overflow-wrap: anywhere; margin: 0 }
p { margin: .2em 0 }
.faint { opacity: .65 }
section { margin: 1.5em 0 }
.axis { display: flex; justify-content: space-between; margin: 0 6em 0 42% }
.hop { border-top: 1px solid var(--line) }
summary { display: flex; align-items: center; gap: .5em; cursor: pointer; padding: .2em 0 }
.name { flex: 0 0 38%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; box-sizing: border-box }
.status { flex: 0 0 3%; text-align: right }
.track { flex: 1; position: relative; height: 1em }
.bar { position: absolute; top: 0; height: 100%; background: var(--bar); border-radius: 2px }
.call .bar { background: var(--call) }
.failed .bar { background: var(--bad) }
.failed summary, .failure, tr.error td:nth-child(2) { color: var(--bad) }
.duration { flex: 0 0 5.5em; text-align: right; font-variant-numeric: tabular-nums }
ol { margin: .5em 0 1em } code, pre { font: 12px/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100% }
th { text-align: left } td, th { padding: .25em .8em .25em 0; vertical-align: top; border-top: 1px solid var(--line) }
td:nth-child(-n+3) { white-space: nowrap } td:last-child { overflow-wrap: anywhere }
`
