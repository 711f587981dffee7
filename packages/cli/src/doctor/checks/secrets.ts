import { compileRedaction } from 'throughline/internal'
import { type Check, type Examined, MOST_FIELDS } from '../check.js'
import type { Finding, Place } from '../finding.js'

/** What redaction leaves in a secret's place: the usual censor, a mask, a hash, and what other loggers write. */
const CENSORED = /^(?:\*{3}.*|\[?redacted\]?|hmac:[0-9a-f]+|x{4,})$/i

/** What stands in a secret's place is short; a longer text is not asked, since it may be a regular expression's undoing. */
const LONGEST_CENSORED = 100
/** Text is looked at in pieces of this size, since a detector's patterns were not made for megabytes. */
const PIECE = 64 * 1024
/** Pieces overlap by more than a key's first line. */
const OVERLAP = 1024

/** Every detector but the one for e-mail: an address is personal, and often meant to be there. */
const DETECTORS = ['creditCard', 'jwt', 'credentials', 'privateKey', 'cloudKey', 'iban', 'url', 'assignment'] as const

/**
 * Ids: digits and letters without meaning, of which some look like a bank account's by chance. Sixteen digits and no letter are
 * more likely to be a card's.
 */
const ID = /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?![0-9]{16})[0-9a-f]{16}|[0-9a-f]{32})$/i
/** Where a span id stands, in any format, which may be all digits. */
const SPAN_ID = /span[._]?id$/i

/** Size of the cache of short values, which repeat (a method, a route, a user agent). */
const MOST_KNOWN = 10_000
const LONGEST_KNOWN = 80

/** Values that the logger's own redaction would have kept out. Never says them. */
export class Secrets implements Check {
  private rule = ''
  private readonly redactor = compileRedaction(
    { detect: DETECTORS },
    {
      env: {},
      count: (rule) => {
        this.rule = rule
      },
    },
  )
  /** The rule that a field's name falls under: asked once for each. */
  private readonly rules = new Map<string, string | undefined>()
  /** The rule that a value falls under. */
  private readonly known = new Map<string, string | undefined>()
  private readonly found = new Map<string, { count: number; readonly place: Place; readonly text: string }>()

  examine({ leaves, line }: Examined): void {
    for (const { path, name, value } of leaves) {
      // How often each rule kept something out, in a `Log stats` line.
      if (typeof value === 'number' && path.startsWith('redacted.')) continue
      const text = this.suspicion(path, name, value)
      if (text === undefined) continue
      const known = this.found.get(text)
      if (known !== undefined) known.count++
      else if (this.found.size < MOST_FIELDS)
        this.found.set(text, { count: 1, place: { file: line.source.name, line: line.number }, text })
    }
  }

  findings(): readonly Finding[] {
    return [...this.found.values()].map(({ count, place, text }) => {
      return { check: 'secret', severity: 'problem', text, count, place }
    })
  }

  private suspicion(path: string, name: string, value: unknown): string | undefined {
    if (value === '' || value === null || isCensored(value)) return undefined
    const rule = this.ruleOf(name)
    if (rule !== undefined && this.redactor?.censor(value, rule, name) !== value) {
      return `${path} holds a value, and its name says that it is secret`
    }
    if (SPAN_ID.test(path)) return undefined
    const text = typeof value === 'string' ? value : Array.isArray(value) ? JSON.stringify(value) : ''
    const found = text === '' ? undefined : this.detected(text)
    return found === undefined ? undefined : `${path} holds what looks like a secret (${found})`
  }

  private detected(text: string): string | undefined {
    if (text.length > LONGEST_KNOWN) return this.isSuspicious(text) ? this.rule : undefined
    // Each is another one, and would only fill the memory.
    if (ID.test(text)) return undefined
    if (this.known.has(text)) return this.known.get(text)
    const rule = this.isSuspicious(text) ? this.rule : undefined
    if (this.known.size >= MOST_KNOWN) this.known.clear()
    this.known.set(text, rule)
    return rule
  }

  private isSuspicious(text: string): boolean {
    for (let at = 0; at < text.length; at += PIECE - OVERLAP) {
      const piece = text.slice(at, at + PIECE)
      if (this.redactor?.detect?.(piece) !== piece) return true
      if (at + PIECE >= text.length) return false
    }
    return false
  }

  private ruleOf(name: string): string | undefined {
    const known = this.rules.get(name)
    if (known !== undefined || this.rules.has(name)) return known
    const rule = this.redactor?.keyRule(name)
    if (this.rules.size < MOST_FIELDS) this.rules.set(name, rule)
    return rule
  }
}

function isCensored(value: unknown): boolean {
  return typeof value === 'string' && value.length <= LONGEST_CENSORED && CENSORED.test(value)
}
