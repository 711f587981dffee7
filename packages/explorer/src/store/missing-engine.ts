import { UserError } from '@throughline/cli/reader'

/** DuckDB is optional: a Loki is searched without it. */
export type MissingEngine = UserError

const INSTALL = 'npm install @duckdb/node-api'

export function engineMissing(cause: unknown): MissingEngine {
  const { message } = cause as Error
  return new UserError(
    `searching files takes DuckDB, which cannot be loaded (${message.split('\n', 1)[0]}); install it with: ${INSTALL}`,
    { cause },
  )
}
