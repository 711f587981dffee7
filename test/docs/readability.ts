/** How hard a text is to read. A trend, not a gate: short sentences can be bad ones. */
export interface Readability {
  readonly sentences: number
  /** The mean. */
  readonly wordsPerSentence: number
  /** The share of sentences over 25 words, 0 to 1. */
  readonly longShare: number
  /** The grade of Flesch and Kincaid (1975): years of school. */
  readonly grade: number
}

const LONG_SENTENCE = 25

/** The paragraphs and list items of a Markdown page. Code, tables and headings have no sentences. */
export function sentencesOf(markdown: string): readonly string[] {
  return markdown
    .replace(/^---\n[\s\S]*?\n---\n/, '')
    .replace(/```[\s\S]*?```/g, '\n\n')
    .replace(/^(\||#|!\[).*$/gm, '\n')
    .replace(/`[^`\n]+`/g, 'code')
    .replace(/\]\([^)]*\)/g, ']')
    .split(/\n\s*\n|\n\s*(?:[-*]|\d+\.)\s/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, ' ').split(/(?<=[.:;?!)])\s+(?=[A-Z"*[(])/))
    .filter((sentence) => wordsOf(sentence).length > 2)
}

export function readabilityOf(sentences: readonly string[]): Readability {
  const lengths = sentences.map((sentence) => wordsOf(sentence).length)
  const words = sentences.flatMap(wordsOf)
  const wordsPerSentence = words.length / sentences.length
  const syllables = words.reduce((sum, word) => sum + syllablesOf(word), 0)
  return {
    sentences: sentences.length,
    wordsPerSentence,
    longShare: lengths.filter((length) => length > LONG_SENTENCE).length / sentences.length,
    grade: 0.39 * wordsPerSentence + 11.8 * (syllables / words.length) - 15.59,
  }
}

function wordsOf(sentence: string): readonly string[] {
  return sentence.match(/[A-Za-z][A-Za-z'’-]*/g) ?? []
}

/** Groups of vowels, without a silent `e` at the end. */
function syllablesOf(word: string): number {
  return Math.max(
    1,
    (
      word
        .toLowerCase()
        .replace(/e$/, '')
        .match(/[aeiouy]+/g) ?? []
    ).length,
  )
}
