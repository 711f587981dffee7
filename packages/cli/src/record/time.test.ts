import { describe, expect, it } from 'vitest'
import { parseMoment } from './time.js'

const NOW = Date.UTC(2024, 0, 22, 10, 15)
const iso = (text: string, zone?: 'utc' | 'local') => {
  const moment = parseMoment(text, NOW, zone)
  return moment === undefined ? undefined : new Date(moment).toISOString()
}

describe('a moment', () => {
  it.each([
    ['2024-01-20', '2024-01-20T00:00:00.000Z'],
    ['2024-01-20T11:43', '2024-01-20T11:43:00.000Z'],
    ['2024-01-20 11:43:05.250', '2024-01-20T11:43:05.250Z'],
    ['2024-01-20t11:43z', '2024-01-20T11:43:00.000Z'],
    ['2024-01-20T11:43+02:00', '2024-01-20T09:43:00.000Z'],
    ['10:14', '2024-01-22T10:14:00.000Z'],
    ['9:05', '2024-01-22T09:05:00.000Z'],
    ['10:15:00', '2024-01-22T10:15:00.000Z'],
    ['11:43', '2024-01-21T11:43:00.000Z'],
    ['90s', '2024-01-22T10:13:30.000Z'],
    ['2h30m', '2024-01-22T07:45:00.000Z'],
    ['1d', '2024-01-21T10:15:00.000Z'],
    ['1.5h', '2024-01-22T08:45:00.000Z'],
    ['250ms', '2024-01-22T10:14:59.750Z'],
  ])('%s is %s', (text, expected) => expect(iso(text)).toBe(expected))

  it.each(['', 'yesterday', '24:00', '10:60', '2024', '2024-13-01', '2024-01-20T25:00', '-5m', '5', '5 m', 'm'])(
    'is not %j',
    (text) => expect(iso(text)).toBeUndefined(),
  )

  it('is of the zone of this machine where that is asked for', () => {
    const local = new Date(2024, 0, 20, 11, 43).toISOString()
    expect(iso('2024-01-20T11:43', 'local')).toBe(local)
    expect(iso('2024-01-20T11:43Z', 'local')).toBe('2024-01-20T11:43:00.000Z')
    const clock = new Date(2024, 0, 22, 9, 5)
    expect(parseMoment('9:05', clock.getTime() + 60_000, 'local')).toBe(clock.getTime())
  })
})
