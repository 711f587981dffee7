import { expect, it } from 'vitest'
import { assertNoLeaks } from './assert-no-leaks.js'

it('passes for the defaults with all detectors', async () => {
  await assertNoLeaks({ redact: { detect: 'all' } })
})

it('passes for a key of the team’s own that is redacted', async () => {
  await assertNoLeaks({ redact: { keys: ['iban_number'], detect: 'all' } }, { secrets: ['iban_number'] })
})

it('names each place that let a secret through, and what would have stopped it', async () => {
  const failure = assertNoLeaks({ redact: { detect: 'all' } }, { secrets: ['favourite_colour'] })
  await expect(failure).rejects.toThrow("- favourite_colour: a Map; redact: { keys: ['favourite_colour'] } stops it")
})

it('finds what only a detector could know', async () => {
  await expect(assertNoLeaks({})).rejects.toThrow("- the message; redact: { detect: 'all' } stops it")
  await assertNoLeaks({}, { text: false })
})

it('finds everything where redaction is off', async () => {
  await expect(assertNoLeaks({ redact: false })).rejects.toThrow(/^secrets reached the log from 4\d of 47 places/)
})

it('does not take silence for safety', async () => {
  await expect(assertNoLeaks({ level: 'silent' })).rejects.toThrow('the level keeps it out')
})
