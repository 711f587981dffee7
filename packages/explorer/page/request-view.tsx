import { useEffect, useRef, useState } from 'preact/hooks'
import { api, type RequestHop, type RequestStory } from './api.js'
import { save } from './export.js'
import { clock } from './format.js'
import { levelOf, messageOf, rowOf, serviceOf } from './rows.js'
import { nanoseconds, type TimeRange } from './time-range.js'

interface Properties {
  readonly id: string
  readonly range: TimeRange
  readonly zone: string
  onClose(): void
}

/** A request over all services: when each was under way, and its lines beneath. */
export function RequestView({ id, range, zone, onClose }: Properties) {
  const [story, setStory] = useState<RequestStory | undefined>()
  const [problem, setProblem] = useState('')
  const dialog = useRef<HTMLDialogElement>(null)
  const parameters = { id, start: nanoseconds(range.from), end: nanoseconds(range.to) }
  useEffect(() => {
    dialog.current?.showModal()
    api.request(parameters).then(setStory, (error: Error) => setProblem(error.message))
  }, [id])
  const share = async () => save(`${id.replaceAll(/[^\w.-]/g, '_')}.html`, await api.requestPage(parameters))
  return (
    <dialog class="request-view" ref={dialog} onClose={onClose} aria-label={`Request ${id}`}>
      <header>
        <h2>{id}</h2>
        {story !== undefined && (
          <button type="button" onClick={share}>
            Save as a page
          </button>
        )}
        <button type="button" aria-label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </header>
      {problem !== '' && <p class="problem">{problem}</p>}
      {story === undefined && problem === '' && <p class="faint">searching…</p>}
      {story !== undefined && <Story story={story} zone={zone} />}
    </dialog>
  )
}

function Story({ story, zone }: { readonly story: RequestStory; readonly zone: string }) {
  const start = Math.min(...story.hops.map((hop) => hop.start))
  const whole = Math.max(1, Math.max(...story.hops.map((hop) => hop.end)) - start)
  return (
    <>
      <p class="faint">{story.summary}</p>
      {story.traces.map((trace) => (
        <p class="faint" key={trace}>
          trace {trace}
        </p>
      ))}
      <section class="waterfall" aria-label="Waterfall">
        {story.hops.map((hop, i) => (
          <Hop key={i} hop={hop} start={start} whole={whole} />
        ))}
      </section>
      <h3>Lines</h3>
      <ol class="request-lines">
        {story.lines.map(({ ms, line }, i) => {
          const row = rowOf(`${ms}000000`, line, {})
          return (
            <li key={i} class={`level-${levelOf(row) || 'none'}`}>
              <span class="time">{clock(ms, zone)}</span>
              <span class="level">{levelOf(row)}</span>
              <span class="service">{serviceOf(row)}</span>
              <span class="message">{messageOf(row)}</span>
            </li>
          )
        })}
      </ol>
    </>
  )
}

interface HopProperties {
  readonly hop: RequestHop
  readonly start: number
  readonly whole: number
}

function Hop({ hop, start, whole }: HopProperties) {
  const left = ((hop.start - start) / whole) * 100
  const width = Math.max(0.4, ((hop.end - hop.start) / whole) * 100)
  const mark = hop.failed ? '✗' : hop.isOpen ? '…' : hop.kind === 'call' ? '→' : '✓'
  return (
    <div class={`hop ${hop.failed ? 'hop-failed' : `hop-of-${hop.kind}`}`}>
      <span class="hop-name" style={{ paddingLeft: `${Math.min(hop.depth, 12)}em` }}>
        {mark} {hop.kind === 'call' ? hop.name : `${hop.service} ${hop.name}`}
      </span>
      <span class="hop-status">{hop.status ?? ''}</span>
      <span class="hop-track">
        <span class="hop-bar" style={{ left: `${Math.min(99.6, left)}%`, width: `${Math.min(width, 100 - left)}%` }} />
      </span>
      <span class="hop-duration">{hop.duration}</span>
      {hop.failure !== undefined && <span class="hop-failure">{hop.failure}</span>}
    </div>
  )
}
