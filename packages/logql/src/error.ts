/**
 * Why a query got no answer.
 *
 * - `syntax`: the text is no LogQL.
 * - `invalid`: it is LogQL, and Loki refuses it too.
 * - `unsupported`: Loki answers it; this package does not, and does not guess.
 * - `parameter`: a parameter of the request (`step`, `limit`, `start` …) is not acceptable.
 * - `pipeline`: a line could not be parsed or converted, in a metric query that does not filter such lines out.
 * - `limit`: the answer would be larger than a limit allows.
 * - `evaluation`: it is LogQL, and cannot be evaluated: the series of a binary operation cannot be matched one to one, or a number is
 *   aggregated.
 */
export type LogQLErrorKind = 'syntax' | 'invalid' | 'unsupported' | 'parameter' | 'pipeline' | 'limit' | 'evaluation'

/** A part of the query's text, as offsets in UTF-16 code units: `from` inclusive, `to` exclusive. */
export type Span = { readonly from: number; readonly to: number }

/** What is thrown for a query or a parameter that gets no answer. */
export class LogQLError extends Error {
  override readonly name = 'LogQLError'
  readonly kind: LogQLErrorKind
  /** The part of the query that the error is about, where there is one. */
  readonly span: Span | undefined

  constructor(kind: LogQLErrorKind, message: string, span?: Span) {
    super(message)
    this.kind = kind
    this.span = span
  }

  /** The HTTP status that a read API answers with: 501 for `unsupported`, 500 for `evaluation` as Loki does, else 400. */
  get status(): number {
    if (this.kind === 'unsupported') return 501
    return this.kind === 'evaluation' ? 500 : 400
  }
}

/** Returns the error for a part of LogQL that this package does not evaluate. It names the part and where it stands. */
export function unsupported(what: string, span: Span): LogQLError {
  return new LogQLError('unsupported', `not supported at position ${span.from + 1}: ${what}`, span)
}

/** Returns the error for a query that Loki refuses as well. */
export function invalid(what: string, span?: Span): LogQLError {
  return new LogQLError(
    'invalid',
    span ? `parse error at position ${span.from + 1}: ${what}` : `parse error : ${what}`,
    span,
  )
}
