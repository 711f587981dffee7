import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AMBIGUOUS_NOUNS } from './ambiguous.js'
import { DEFAULT_GROUPS, DEFAULT_NAMES, entriesOf } from './default-names.js'
import { DETECTOR_NAMES } from './detect/detector.js'
import { AMOUNTS, FACTS, FORMS, OTHER_THINGS, VERBS } from './name-words.js'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/redaction.md'), 'utf8')

/** The words in backticks of a row. */
function listed(row: string): readonly string[] {
  const line = page.split('\n').find((one) => one.startsWith(`| ${row} |`)) ?? ''
  return [...(line.split(' | ')[1]?.matchAll(/`([^`]+)`/g) ?? [])].flatMap(([, text = '']) => text)
}

it('the page on redaction lists every default noun in its group, with a reason, and every detector', () => {
  for (const [group, text] of Object.entries(DEFAULT_GROUPS)) {
    const name = group.replaceAll('_', ' ')
    expect(listed(name)).toEqual(entriesOf(text))
    const last =
      page
        .split('\n')
        .find((line) => line.startsWith(`| ${name} |`))
        ?.split(' | ')
        .at(-1) ?? ''
    expect(last.length).toBeGreaterThan(20)
  }
  for (const name of DETECTOR_NAMES) expect(page).toContain(`| \`${name}\` |`)
})

it('the page lists the words of the grammar', () => {
  const words = (row: string) => listed(row).flatMap((text) => text.split(' '))
  expect(words('forms')).toEqual([...FORMS])
  expect(words('facts')).toEqual([...FACTS])
  expect(words('verbs')).toEqual([...VERBS])
  expect(words('amounts')).toEqual([...AMOUNTS])
  for (const [noun, others] of Object.entries(OTHER_THINGS)) expect(words(`before \`${noun}\``)).toEqual([...others])
})

it('the page says of every ambiguous noun what decides', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ambiguous: '))
  const nouns = rows.flatMap((row) =>
    [...(row.split(' | ')[0]?.matchAll(/`([^`]+)`/g) ?? [])].map(([, noun = '']) => noun),
  )
  expect(nouns.map((noun) => noun.replaceAll('_', '')).sort()).toEqual([...AMBIGUOUS_NOUNS].sort())
})

it('no default noun is listed twice', () => {
  expect(new Set(DEFAULT_NAMES).size).toBe(DEFAULT_NAMES.length)
})
