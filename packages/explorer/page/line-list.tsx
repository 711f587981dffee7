import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { clock, day } from './format.js'
import { type LineActions, LineDetails } from './line-details.js'
import { fieldOf, levelOf, messageOf, type Row, serviceOf, textOf } from './rows.js'

interface Properties extends LineActions {
  readonly rows: readonly Row[]
  readonly columns: readonly string[]
  readonly zone: string
  /** The id of the line that is open. */
  readonly open: string | undefined
  readonly isLive: boolean
  onOpen(id: string | undefined): void
}

const ROW_PIXELS = 26
/** Rows beyond the visible ones: a screen of 2,000 pixels has 77 rows, and at most 100 are in the page. */
const BEYOND = 8
const MOST_ROWS = 90

/** The lines that were found, of which only those that can be seen are in the page. */
export function LineList(properties: Properties) {
  const { rows, open, onOpen } = properties
  const list = useRef<HTMLDivElement>(null)
  const details = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  const [height, setHeight] = useState(600)
  const [detailsHeight, setDetailsHeight] = useState(0)
  const [active, setActive] = useState(0)
  const openIndex = open === undefined ? -1 : rows.findIndex(({ id }) => id === open)

  useEffect(() => {
    if (list.current === null) return
    const observer = new ResizeObserver(([entry]) => setHeight(entry?.contentRect.height ?? 600))
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    if (details.current === null) return setDetailsHeight(0)
    const observer = new ResizeObserver(([entry]) => setDetailsHeight(entry?.contentRect.height ?? 0))
    observer.observe(details.current)
    return () => observer.disconnect()
  }, [openIndex])

  useEffect(() => {
    if (openIndex === -1 || list.current === null) return
    setActive(openIndex)
    const offset = openIndex * ROW_PIXELS
    const { scrollTop, clientHeight } = list.current
    if (offset < scrollTop || offset > scrollTop + clientHeight - ROW_PIXELS * 4)
      list.current.scrollTop = offset - ROW_PIXELS
  }, [open])

  const extra = openIndex === -1 ? 0 : detailsHeight
  const first = Math.max(0, indexAt(top, openIndex, extra) - BEYOND)
  const last = Math.min(rows.length, first + Math.min(MOST_ROWS, Math.ceil(height / ROW_PIXELS) + BEYOND * 2))
  const offsetOf = (index: number) => index * ROW_PIXELS + (openIndex !== -1 && index > openIndex ? extra : 0)

  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to))
    setActive(index)
    const element = list.current
    if (element === null) return
    const offset = offsetOf(index)
    if (offset < element.scrollTop) element.scrollTop = offset
    else if (offset + ROW_PIXELS > element.scrollTop + element.clientHeight)
      element.scrollTop = offset + ROW_PIXELS - element.clientHeight
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== list.current) {
      if (event.key === 'Escape') {
        list.current?.focus()
        onOpen(undefined)
      }
      return
    }
    const page = Math.max(1, Math.floor(height / ROW_PIXELS) - 1)
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
    }
    const step = steps[event.key]
    if (step !== undefined) move(active + step)
    else if (event.key === 'Home') move(0)
    else if (event.key === 'End') move(rows.length - 1)
    else if (event.key === 'Enter' || event.key === ' ') {
      const row = rows[active]
      onOpen(row === undefined || row.id === open ? undefined : row.id)
    } else if (event.key === 'Escape') onOpen(undefined)
    else return
    event.preventDefault()
  }

  const visible = rows.slice(first, last)
  return (
    <div
      class="list"
      ref={list}
      tabIndex={0}
      role="listbox"
      aria-label="Lines, the newest first"
      aria-activedescendant={rows[active] === undefined ? undefined : `row-${active}`}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      onKeyDown={onKeyDown}
    >
      <div class="list-content" style={{ height: `${rows.length * ROW_PIXELS + extra}px` }}>
        {visible.map((row, i) => {
          const index = first + i
          return (
            <LineRow
              // Lines that say the same at the same time have one id.
              key={index}
              row={row}
              index={index}
              top={offsetOf(index)}
              isActive={index === active}
              isOpen={index === openIndex}
              previous={rows[index - 1]}
              properties={properties}
            />
          )
        })}
        {openIndex !== -1 && rows[openIndex] !== undefined && (
          <div class="details-place" ref={details} style={{ top: `${(openIndex + 1) * ROW_PIXELS}px` }}>
            <LineDetails row={rows[openIndex]} {...properties} />
          </div>
        )}
      </div>
    </div>
  )
}

/** The row at a place of the list's content. */
function indexAt(top: number, openIndex: number, extra: number): number {
  const end = (openIndex + 1) * ROW_PIXELS
  if (openIndex === -1 || top < end) return Math.floor(top / ROW_PIXELS)
  return Math.max(openIndex, Math.floor((top - extra) / ROW_PIXELS))
}

interface RowProperties {
  readonly row: Row
  readonly index: number
  readonly top: number
  readonly isActive: boolean
  readonly isOpen: boolean
  readonly previous: Row | undefined
  readonly properties: Properties
}

function LineRow({ row, index, top, isActive, isOpen, previous, properties }: RowProperties) {
  const { columns, zone, onOpen, onRequest } = properties
  const level = levelOf(row)
  const request = textOf(fieldOf(row, 'request_id'))
  const isNewDay = previous === undefined || day(previous.ms, zone) !== day(row.ms, zone)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus, and names its active row
    <div
      id={`row-${index}`}
      class={`row level-${level || 'none'} ${isActive ? 'active' : ''} ${isOpen ? 'open' : ''}`}
      role="option"
      aria-selected={isActive}
      aria-setsize={properties.rows.length}
      aria-posinset={index + 1}
      style={{ top: `${top}px` }}
      onClick={() => onOpen(isOpen ? undefined : row.id)}
    >
      <span class="time" title={`${row.ns} ns`}>
        {isNewDay && <span class="day">{day(row.ms, zone)}</span>}
        {clock(row.ms, zone)}
      </span>
      <span class="level">{level || '·'}</span>
      <span class="service">{serviceOf(row)}</span>
      {columns.map((name) => (
        <span key={name} class="cell" title={`${name}: ${textOf(fieldOf(row, name))}`}>
          {textOf(fieldOf(row, name))}
        </span>
      ))}
      <span class="message">{messageOf(row).slice(0, 1000)}</span>
      {request !== '' && (
        <button
          type="button"
          class="request"
          tabIndex={-1}
          title={`Show request ${request}`}
          onClick={(event) => {
            event.stopPropagation()
            onRequest(request)
          }}
        >
          {request.length > 14 ? `${request.slice(0, 12)}…` : request}
        </button>
      )}
    </div>
  )
}
