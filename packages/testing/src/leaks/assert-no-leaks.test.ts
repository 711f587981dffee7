import { type LoggerOptions, setLevel } from 'throughline'
import { describe, expect, it } from 'vitest'
import { assertNoLeaks, leaksAt } from './assert-no-leaks.js'
import { keyPlaces, textPlaces } from './places.js'

it('passes for the defaults with all detectors', async () => {
  await assertNoLeaks({ redact: { detect: 'all' } })
})

it.each(['iban_number', 'favouriteColour', 'X-Shoe-Size', 'Lieblingsfarbe'])(
  'passes for a key of the team’s own that is redacted: %s',
  async (key) => {
    await assertNoLeaks({ redact: { keys: [key], detect: 'all' } }, { secrets: [key] })
  },
)

it('names each place that let a secret through, and what would have stopped it', async () => {
  const failure = assertNoLeaks({ redact: { detect: 'all' } }, { secrets: ['favourite_colour'] })
  await expect(failure).rejects.toThrow("- favourite_colour: a Map; redact: { keys: ['favourite_colour'] } stops it")
})

it('finds what only a detector could know', async () => {
  await expect(assertNoLeaks({})).rejects.toThrow("- the message; redact: { detect: ['assignment'] } stops it")
  await assertNoLeaks({}, { text: false })
})

describe('each place', () => {
  const places = [...keyPlaces('favourite_colour'), ...textPlaces]
  // Nothing is written from there, with or without redaction; it would be by a walk without a bound.
  const unreached = 'favourite_colour: far below the depth that is followed'

  it.each(places)(
    'lets a secret through without redaction, and not with the rule that is named: $name',
    async (place) => {
      const { option, entry } = place.stoppedBy
      expect(await leaksAt(place, { redact: false })).toBe(place.name !== unreached)
      // A detector goes by the names that are secret; a key is one by being named alone.
      expect(await leaksAt(place, { redact: { defaults: option === 'detect', [option]: [entry] } })).toBe(false)
    },
  )

  it('of text lets it through without detectors, but where a field’s name says that its text is a URL', async () => {
    const leaking = []
    for (const place of textPlaces) if (await leaksAt(place, {})) leaking.push(place)
    expect(leaking).toEqual(textPlaces.filter(({ name }) => !name.startsWith('a URL’s')))
  })
})

it.each<[string, LoggerOptions]>([
  ['a level that keeps most lines out', { level: 'error' }],
  ['a level of the environment', { env: { LOG_LEVEL: 'silent' } }],
  ['sampling that drops every success', { sampling: { success: 0, maxPerSecond: 1 } }],
  ['the format of a store', { format: 'ecs' }],
])('finds leaks through %s', async (_what, options) => {
  const { length } = keyPlaces('password')
  await expect(assertNoLeaks({ ...options, redact: false }, { text: false })).rejects.toThrow(
    `from ${2 * length - 2} of ${2 * length} places`,
  )
})

it('finds the part of a secret that a censor leaves', async () => {
  const censor = (value: unknown) => String(value).slice(0, 20)
  await expect(assertNoLeaks({ redact: { censor } }, { text: false })).rejects.toThrow('- token: a field;')
  await assertNoLeaks({ redact: { censor: 'mask' } }, { text: false })
})

it('does not take silence for safety', async () => {
  setLevel('silent')
  try {
    await expect(assertNoLeaks({})).rejects.toThrow('nothing was logged for "password: a field"')
  } finally {
    setLevel('')
  }
})
