import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pages, readPage, root } from './markdown.js'
import { type Readability, readabilityOf, sentencesOf } from './readability.js'

// Plain technical English: see "Style" in CONTRIBUTING.md. A phrase is added here when a reader had to read it twice.

const changesets = readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md') && name !== 'README.md')
const texts = [...pages(), ...changesets.map((name) => `.changeset/${name}`)]

/** Code does nothing of this; the sentence has no subject, or has to be read backwards. Beside each, what to write. */
const BANNED: readonly (readonly [phrase: RegExp, better: string])[] = [
  [/\b(is|are|was|were|be) told\b/, 'is reported; gets; knows'],
  [/\bha(s|ve) a say\b/, 'decides'],
  [/\blet(s|ting)? go\b/, 'is released; is dropped'],
  [/\bleaves? the house\b/, 'is sent'],
  [/\bwhat is said\b/, 'the text; the value'],
  [/\bso many\b/, 'a maximum of; this number of'],
  [/\bas far as (?!possible\b)[^.,;]{1,60} lets?\b/, 'a condition, named'],
  [/\bthrown on\b/, 'rethrown'],
  [/(?<!")\bsinks?\b/, 'destination'],
  [/\bsays? so\b/, 'what is reported, and where'],
  [/\b(look(s|ed)?|looking) into\b/, 'is parsed; is checked'],
  [/\b(is|are) looked at\b/, 'is checked; is read'],
  [/\b(that|which|who) (is|are) none\b/, 'is invalid; is not one'],
  [/\bnone is\b/, 'no … is'],
  [/, neither (ever|does|do|is|are|was)\b/, 'two sentences'],
  [/\bstands? (there|beside|behind|before|under|in the place)\b/, 'is'],
  [/\bwhat stands\b/, 'the value; the text'],
  [/\b(go|goes|going) along\b/, 'is sent'],
  [/\band (its|their) (kin|like)\b/, 'name the others, or write "similar"'],
  [/\bthe present (one|operation|context|request)\b/, 'the current …'],
  [/\b(is|are) held to\b/, 'must'],
  [/\bnobody (hears|asks|knows)\b/, 'a subject that acts'],
  [/\bhas the last word\b/, 'wins; overrides'],
  [/\bby the names? of\b/, 'named'],
  [/\b(that|which|who) did neither\b/, 'name both'],
  [/\bhow (it|that) showed\b/, 'the evidence'],
  [/\bof which there (is|are)\b/, 'its own sentence'],
  [/\b(comes|come|came) to pass\b/, 'happens'],
  [/\bmay well\b/, 'can'],
  [/\bthe one that last\b/, 'the previous …'],
]

/** A page's sentences: no code, no addresses, one space between words; the front matter of a changeset is left out. */
function prose(page: string): string {
  return readPage(page)
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/```[\s\S]*?```/g, '\n\n')
    .replace(/`[^`\n]+`/g, 'code')
    .replace(/\]\([^)]*\)/g, ']')
}

describe.each(texts)('%s', (page) => {
  const text = prose(page).replace(/\s+/g, ' ').toLowerCase()

  it('has no phrase that readers had to read twice', () => {
    const found = BANNED.flatMap(([phrase, better]) => {
      const match = phrase.exec(text)
      return match === null ? [] : [`"${text.slice(Math.max(0, match.index - 40), match.index + 60)}": ${better}`]
    })
    expect(found).toEqual([])
  })
})

it('prints how long the sentences are', () => {
  const ofPages = pages()
    .filter((page) => !page.endsWith('benchmarks.md'))
    .map((page) => ({ page, sentences: sentencesOf(readPage(page)) }))
    .filter(({ sentences }) => sentences.length > 0)
  const all = readabilityOf(ofPages.flatMap(({ sentences }) => sentences))
  const longest = ofPages
    .map(({ page, sentences }) => ({ page, ...readabilityOf(sentences) }))
    .sort((a, b) => b.wordsPerSentence - a.wordsPerSentence)
    .slice(0, 10)
  const row = ({ page, wordsPerSentence, longShare, grade }: Readability & { readonly page: string }) =>
    `${wordsPerSentence.toFixed(1).padStart(5)} words a sentence, ${Math.round(100 * longShare)} % over 25, grade ${grade.toFixed(1)}  ${page}`
  // Measured by the same function on 2026-12-01: README and docs/*.md of pinojs/pino.
  const pino = { page: "pino's docs", sentences: 1038, wordsPerSentence: 12.3, longShare: 0.07, grade: 8.5 }
  console.info([row({ page: `all ${ofPages.length} pages`, ...all }), row(pino), ...longest.map(row)].join('\n'))
  expect(all.sentences).toBeGreaterThan(1000)
})
