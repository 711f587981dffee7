/** An answer as it was recorded from a real Loki. */
export type RecordedAnswer = {
  readonly id: string
  readonly feature: string
  readonly kind: 'query' | 'query_range' | 'labels' | 'label_values' | 'series'
  readonly query: string
  readonly params: Readonly<Record<string, string>> | readonly (readonly [name: string, value: string])[]
  readonly status: number
  readonly error?: string
  readonly result?: unknown
  readonly compare: string
}

export function compareAnswer(
  recorded: RecordedAnswer,
  answer: { readonly status: number; readonly data?: unknown },
): string | undefined

export const unexplained: readonly string[]
