import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ApiError, api, type Status } from './api.js'
import type { Vocabulary } from './completion.js'
import { isLogQuery, withCondition } from './edit-query.js'
import { csv, jsonLines, save } from './export.js'
import { Facets, fieldNames } from './facets.js'
import { count, many } from './format.js'
import { type Counts, Histogram } from './histogram.js'
import { KeysHelp } from './keys-help.js'
import { LineList } from './line-list.js'
import { followLive, type LiveTail, MOST_LIVE } from './live-tail.js'
import { QueryEditor } from './query-editor.js'
import { RangePicker } from './range-picker.js'
import { RequestView } from './request-view.js'
import { histogram, linesAround, MOST_LINES, type Result, run, total, valueCounts } from './results.js'
import { fieldOf, type Row, textOf } from './rows.js'
import { savedQueries, toggleSaved } from './saved-queries.js'
import { SeriesChart } from './series-chart.js'
import { StartPage } from './start-page.js'
import { StatusLine } from './status-line.js'
import { nanoseconds, rangeText, resolveRange, type TimeRange, usualRange } from './time-range.js'
import { NO_QUERY, readUrl, type UrlState, writeUrl } from './url-state.js'

const BUSY_POLL_MS = 500
const IDLE_POLL_MS = 5000

/** The page. Its state is the address; everything else follows from that and from the server. */
export function App() {
  const [state, setState] = useState<UrlState>(readUrl)
  const [status, setStatus] = useState<Status | undefined>()
  const [labels, setLabels] = useState<readonly string[]>([])
  /** What is typed; it becomes the query when it is run. */
  const draft = useRef(state.query)
  const [result, setResult] = useState<Result | undefined>()
  const [counts, setCounts] = useState<Counts | undefined>()
  const [found, setFound] = useState<number | undefined>()
  const [problem, setProblem] = useState('')
  const [isRunning, setIsRunning] = useState(false)
  const [isLive, setIsLive] = useState(false)
  const [isPaused, setIsPaused] = useState(false)
  const [held, setHeld] = useState<readonly Row[]>([])
  const [saved, setSaved] = useState(savedQueries)
  const [isHelpOpen, setIsHelpOpen] = useState(false)
  const [runs, setRuns] = useState(0)
  const rows = result?.kind === 'lines' ? result.rows : []
  const rangeName = state.range || usualRange(status)
  const range = useMemo(() => resolveRange(rangeName, status), [rangeName, status?.from, status?.to, runs])

  const go = useCallback((change: Partial<UrlState>, isStep = true) => {
    setState((before) => {
      const next = { ...before, ...change }
      writeUrl(next, isStep)
      return next
    })
  }, [])

  useEffect(() => {
    const change = () => setState(readUrl())
    addEventListener('popstate', change)
    return () => removeEventListener('popstate', change)
  }, [])

  useStatus(setStatus, setProblem)
  useEffect(() => {
    if (status === undefined) return
    api.labels(bounds(range)).then(setLabels, () => {})
  }, [status?.mode, status?.account?.stored])

  // Runs what the address says; while files are read, again as more is there.
  const readSoFar = status?.progress?.isLoading === true ? Math.floor((status.account?.stored ?? 0) / 500_000) : -1
  useEffect(() => {
    if (state.query === '' || status === undefined || isLive) return
    const gone = new AbortController()
    const fail = (error: Error) => {
      if (gone.signal.aborted) return
      setIsRunning(false)
      setProblem(error instanceof ApiError ? error.message : `The server does not answer: ${error.message}`)
    }
    setIsRunning(true)
    setProblem('')
    setFound(undefined)
    run(state.query, range, gone.signal).then((answer) => {
      setIsRunning(false)
      setResult(answer)
      if (answer.kind === 'series') setCounts(undefined)
      if (answer.kind === 'lines' && !answer.isCut) setFound(answer.rows.length)
    }, fail)
    if (isLogQuery(state.query) === true) {
      const label = labels.includes('level') || labels.length === 0 ? 'level' : 'detected_level'
      histogram(state.query, range, label, gone.signal).then(setCounts, () => setCounts(undefined))
      total(state.query, range, gone.signal).then(setFound, () => {})
    }
    return () => gone.abort()
  }, [state.query, rangeName, status?.mode, isLive, runs, readSoFar])

  useLive(isLive, state.query, isPaused, setResult, setHeld, (reason) => {
    setIsLive(false)
    setProblem(reason)
  })
  const shownAfterPause = () => {
    setIsPaused(false)
    setResult((before) => withNew(before, held))
    setHeld([])
  }

  const ask = useCallback((query: string) => {
    const trimmed = query.trim()
    setRuns((n) => n + 1)
    go({ query: trimmed, line: undefined, request: undefined })
  }, [])

  const vocabulary = useVocabulary(range, rows)
  const isLabel = (name: string) => labels.includes(name)
  const actions = {
    zone: state.zone,
    columns: state.columns,
    isLabel,
    onCondition: (name: string, operator: '=' | '!=', value: string) =>
      ask(withCondition(state.query, { name, operator, value, isLabel: isLabel(name) })),
    onColumn: (name: string) => {
      const { columns } = state
      go({ columns: columns.includes(name) ? columns.filter((each) => each !== name) : [...columns, name] }, false)
    },
    onRequest: (request: string) => go({ request }),
    contextOf: (row: Row) => linesAround(row, labels),
  }
  const zoom = (part: TimeRange) => go({ range: rangeText(part), line: undefined })
  useKeys({
    '/': () => document.querySelector<HTMLElement>('.cm-content')?.focus(),
    l: () => setIsLive((live) => !live && isLogQuery(state.query) === true),
    p: () => isLive && (isPaused ? shownAfterPause() : setIsPaused(true)),
    g: () => document.querySelector<HTMLElement>('.list')?.focus(),
    '?': () => setIsHelpOpen(true),
  })

  const exported = async (kind: 'jsonl' | 'csv') => {
    const answer = await run(state.query, range, new AbortController().signal, MOST_LINES)
    if (answer.kind !== 'lines') return
    save(`logs.${kind}`, kind === 'csv' ? csv(answer.rows) : jsonLines(answer.rows))
  }

  return (
    <>
      <header class="top">
        <button
          type="button"
          class="brand"
          onClick={() => {
            setResult(undefined)
            setCounts(undefined)
            setIsLive(false)
            go({ ...NO_QUERY, zone: state.zone })
          }}
        >
          throughline <b>explorer</b>
        </button>
        <span class="source faint" title={status?.name}>
          {status?.name}
        </span>
        <RangePicker
          range={rangeName}
          resolved={range}
          zone={state.zone}
          hasAll={status?.mode !== 'loki'}
          onRange={(next) => go({ range: next })}
          onZone={(zone) => go({ zone }, false)}
        />
        <button type="button" class="quiet" aria-label="Keys" onClick={() => setIsHelpOpen(true)}>
          ?
        </button>
      </header>
      <search class="query">
        <QueryEditor
          query={state.query}
          vocabulary={vocabulary}
          onRun={ask}
          onChange={(text) => {
            draft.current = text
          }}
        />
        <div class="query-buttons">
          <button type="button" class="primary" onClick={() => ask(draft.current)}>
            Run
          </button>
          <button
            type="button"
            aria-pressed={isLive}
            disabled={isLogQuery(state.query) !== true}
            onClick={() => setIsLive(!isLive)}
          >
            {isLive ? '■ Stop' : '▶ Live'}
          </button>
          {isLive && (
            <button
              type="button"
              aria-pressed={isPaused}
              onClick={() => (isPaused ? shownAfterPause() : setIsPaused(true))}
            >
              {isPaused ? `Continue (${count(held.length)} new)` : 'Pause'}
            </button>
          )}
          <button
            type="button"
            aria-pressed={saved.includes(state.query)}
            disabled={state.query === ''}
            onClick={() => setSaved(toggleSaved(state.query))}
          >
            {saved.includes(state.query) ? '★ Saved' : '☆ Save'}
          </button>
          <button type="button" disabled={rows.length === 0} onClick={() => exported('jsonl')}>
            JSON lines
          </button>
          <button type="button" disabled={rows.length === 0} onClick={() => exported('csv')}>
            CSV
          </button>
        </div>
      </search>
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <StatusLine
        status={status}
        found={state.query === '' ? '' : foundText(result, found, isRunning, isLive)}
        isSampled={rows.some((row) => Number(fieldOf(row, 'sample_rate') ?? 1) < 1)}
        onSummary={() => ask(summaryQuery(state.query))}
      />
      {state.query === '' ? (
        <StartPage saved={saved} labels={vocabulary.labels} labelValues={vocabulary.labelValues} onRun={ask} />
      ) : result?.kind === 'series' ? (
        <SeriesChart series={result.series} range={range} zone={state.zone} onZoom={zoom} />
      ) : (
        <>
          {counts !== undefined && !isLive && (
            <Histogram counts={counts} range={range} zone={state.zone} onZoom={zoom} />
          )}
          <main class="results">
            {rows.length > 0 && (
              <Facets
                rows={rows}
                {...actions}
                countsOf={(name) => valueCounts(state.query, name, isLabel(name), range)}
              />
            )}
            {rows.length > 0 ? (
              <LineList
                rows={rows}
                open={state.line}
                isLive={isLive}
                onOpen={(line) => go({ line }, false)}
                {...actions}
              />
            ) : (
              <p class="empty faint">
                {isRunning ? 'searching…' : isLive ? 'waiting for lines…' : problem === '' ? 'No line matches.' : ''}
              </p>
            )}
          </main>
        </>
      )}
      {state.request !== undefined && (
        <RequestView
          id={state.request}
          range={range}
          zone={state.zone}
          onClose={() => go({ request: undefined }, false)}
        />
      )}
      {isHelpOpen && <KeysHelp onClose={() => setIsHelpOpen(false)} />}
    </>
  )
}

function bounds({ from, to }: TimeRange) {
  return { start: nanoseconds(from), end: nanoseconds(to) }
}

/** `12 lines in 0.05 s`; `1,000 of 52,300 lines in 0.12 s`. */
function foundText(result: Result | undefined, found: number | undefined, isRunning: boolean, isLive: boolean): string {
  if (isLive) return `live: ${many(result?.kind === 'lines' ? result.rows.length : 0, 'line')}`
  if (result === undefined) return isRunning ? 'searching…' : ''
  const seconds = `${(result.ms / 1000).toFixed(2)} s${isRunning ? ' · searching…' : ''}`
  if (result.kind === 'series')
    return `${many(result.series.length, 'series').replace('seriess', 'series')} in ${seconds}`
  const { rows, isCut } = result
  if (!isCut) return `${many(rows.length, 'line')} in ${seconds}`
  return `the newest ${count(rows.length)} of ${found === undefined ? '…' : many(found, 'line')} in ${seconds}`
}

/** What stands for the lines that sampling left out: counts by route, from the summaries that the loggers write. */
function summaryQuery(query: string): string {
  const selector = /^\{[^}]*\}/.exec(query)?.[0] ?? '{app=~".+"}'
  return `sum by (method, route, status_class) (sum_over_time(${selector} |= "Request summary" | json | unwrap count [5m]))`
}

function withNew(before: Result | undefined, rows: readonly Row[]): Result {
  const old = before?.kind === 'lines' ? before.rows : []
  return { kind: 'lines', rows: [...rows, ...old].slice(0, MOST_LIVE), isCut: false, ms: 0 }
}

function useStatus(onStatus: (status: Status) => void, onProblem: (problem: string) => void): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let isGone = false
    const poll = async () => {
      let wait = IDLE_POLL_MS
      try {
        const status = await api.status()
        if (isGone) return
        onStatus(status)
        if (status.progress?.isLoading === true) wait = BUSY_POLL_MS
      } catch (error) {
        if (isGone) return
        onProblem((error as Error).message)
        if (error instanceof ApiError && error.status === 401) return
      }
      timer = setTimeout(poll, wait)
    }
    poll()
    return () => {
      isGone = true
      clearTimeout(timer)
    }
  }, [])
}

function useLive(
  isLive: boolean,
  query: string,
  isPaused: boolean,
  onResult: (change: (before: Result | undefined) => Result) => void,
  onHeld: (change: (before: readonly Row[]) => readonly Row[]) => void,
  onEnd: (reason: string) => void,
): void {
  const paused = useRef(isPaused)
  paused.current = isPaused
  useEffect(() => {
    if (!isLive) return
    onResult(() => ({ kind: 'lines', rows: [], isCut: false, ms: 0 }))
    const tail: LiveTail = followLive(
      query,
      (rows) => {
        if (paused.current) onHeld((before) => [...rows, ...before].slice(0, MOST_LIVE))
        else onResult((before) => withNew(before, rows))
      },
      onEnd,
    )
    return () => tail.close()
  }, [isLive, query])
}

function useVocabulary(range: TimeRange, rows: readonly Row[]): Vocabulary {
  const current = useRef({ range, rows })
  current.current = { range, rows }
  return useMemo(
    () => ({
      labels: () => api.labels(bounds(current.current.range)),
      labelValues: (label) => api.values(label, bounds(current.current.range)),
      fields: () => fieldNames(current.current.rows),
      fieldValues: (name) =>
        [...new Set(current.current.rows.slice(0, 300).map((row) => textOf(fieldOf(row, name))))].filter(
          (value) => value !== '' && value.length < 200,
        ),
    }),
    [],
  )
}

/** Keys of the whole page, where nothing is typed into. */
function useKeys(keys: Readonly<Record<string, () => unknown>>): void {
  const current = useRef(keys)
  current.current = keys
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target } = event
      const isTyping =
        target instanceof HTMLElement && target.closest('input, select, textarea, .cm-editor, dialog') !== null
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return
      const action = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}
