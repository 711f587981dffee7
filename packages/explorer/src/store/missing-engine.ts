import { UserError } from '@throughline/cli/reader'

const INSTALL = 'npm install @duckdb/node-api'

/** DuckDB is an optional dependency: a Loki is searched without it. */
export function engineMissing(cause: unknown): UserError {
  const { message } = cause as Error
  return new UserError(
    `searching files takes DuckDB, which cannot be loaded (${message.split('\n', 1)[0]}); install it with: ${INSTALL}`,
    { cause },
  )
}
