import { expect, it } from 'vitest'
import { pages, readPage } from './markdown.js'

const PAGE = 'docs/glossary.md'

/** A page's sentences: no code, no addresses, one space between words. */
function prose(page: string): string {
  return readPage(page)
    .replace(/```[\s\S]*?```/g, ' ')
    .replace(/`[^`\n]+`/g, ' ')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/\s+/g, ' ')
    .toLowerCase()
}

const others = pages().filter((page) => page !== PAGE)
const rows = [...readPage(PAGE).matchAll(/^\| \*\*(.+?)\*\* \|/gm)].map(([, term = '']) => term)

it('has its terms in order, each once', () => {
  expect(rows.length).toBeGreaterThan(30)
  expect(rows).toEqual([...new Set(rows)].sort((a, b) => a.localeCompare(b)))
})

it.each(rows)('explains no word that is not used elsewhere: %s', (term) => {
  // Letters may follow, for the plural; a name in code counts, as `request_id` does.
  const used = others.filter((page) =>
    new RegExp(`\\b${term.replaceAll(' ', '[ _-]')}`, 'i').test(readPage(page).replace(/\s+/g, ' ')),
  )
  expect(used).not.toEqual([])
})

/** Other words for what has a name here; an ending may follow. */
const BANNED = [
  ...['correlation id', 'log entry', 'log entries', 'appender', 'log sink'],
  ...['scrub', 'sanitis', 'sanitiz', 'obfuscat', 'anonymis', 'anonymiz'],
]

it.each(others)('%s has one word for one thing', (page) => {
  const text = prose(page)
  expect(BANNED.filter((word) => new RegExp(`\\b${word}`).test(text))).toEqual([])
})
