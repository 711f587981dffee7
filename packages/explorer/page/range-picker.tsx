import { useState } from 'preact/hooks'
import { moment } from './format.js'
import { rangeText, SPANS, type TimeRange } from './time-range.js'

interface Properties {
  readonly range: string
  readonly resolved: TimeRange
  readonly zone: string
  readonly hasAll: boolean
  onRange(range: string): void
  onZone(zone: string): void
}

const ZONES = [
  'local',
  'UTC',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'Asia/Kolkata',
  'Asia/Tokyo',
]

/** From when to when, and in which time zone times are shown. */
export function RangePicker({ range, resolved, zone, hasAll, onRange, onZone }: Properties) {
  const isCustom = range.includes('~')
  const [isEditing, setIsEditing] = useState(false)
  return (
    <div class="range">
      <select
        aria-label="Time range"
        value={isCustom ? 'custom' : range}
        onChange={({ currentTarget: { value } }) => {
          setIsEditing(value === 'custom')
          onRange(value === 'custom' ? rangeText(resolved) : value)
        }}
      >
        {hasAll && <option value="all">All of the files</option>}
        {SPANS.map(([span, title]) => (
          <option key={span} value={span}>
            {title}
          </option>
        ))}
        <option value="custom">
          {isCustom ? `${moment(resolved.from, zone)} to ${moment(resolved.to, zone)}` : 'From … to …'}
        </option>
      </select>
      {isCustom && (
        <button type="button" aria-expanded={isEditing} onClick={() => setIsEditing(!isEditing)}>
          Edit
        </button>
      )}
      {isCustom && isEditing && <Ends resolved={resolved} zone={zone} onRange={onRange} />}
      <select aria-label="Time zone" value={zone} onChange={(event) => onZone(event.currentTarget.value)}>
        {[...new Set([...ZONES, zone])].map((each) => (
          <option key={each} value={each}>
            {each === 'local' ? 'Local time' : each}
          </option>
        ))}
      </select>
    </div>
  )
}

function Ends({ resolved, zone, onRange }: Pick<Properties, 'resolved' | 'zone' | 'onRange'>) {
  const end = (name: 'from' | 'to') => (
    <input
      type="datetime-local"
      step="1"
      aria-label={name === 'from' ? 'From' : 'To'}
      value={moment(resolved[name], zone).replace(' ', 'T')}
      onChange={({ currentTarget: { value } }) => {
        const ms = inZone(value, zone)
        if (Number.isFinite(ms)) onRange(rangeText({ ...resolved, [name]: ms }))
      }}
    />
  )
  return (
    <span class="ends">
      {end('from')} {end('to')}
    </span>
  )
}

/** The moment at which a clock in a zone shows a time. */
function inZone(text: string, zone: string): number {
  if (zone === 'local') return Date.parse(text)
  const asUtc = Date.parse(`${text}Z`)
  const shown = Date.parse(`${moment(asUtc, zone).replace(' ', 'T')}Z`)
  return asUtc - (shown - asUtc)
}
