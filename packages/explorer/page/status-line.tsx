import type { Account, Status } from './api.js'
import { bytes, count, many } from './format.js'

interface Properties {
  readonly status: Status | undefined
  /** What was found: `1,234 lines in 0.12 s`. */
  readonly found: string
  /** A result holds lines that stand for others, which sampling left out. */
  readonly isSampled: boolean
  onSummary(): void
}

/** What was found, and beside it what it was found in: nothing that is missing goes unsaid. */
export function StatusLine({ status, found, isSampled, onSummary }: Properties) {
  const account = status?.account
  return (
    <div class="status" role="status" aria-live="polite">
      <span id="found">{found}</span>
      {isSampled && (
        <span class="warn" id="sampled">
          sampled: each line with a sample_rate stands for several.{' '}
          <button type="button" class="link" onClick={onSummary}>
            Exact counts of the summaries
          </button>
        </span>
      )}
      {account !== undefined && (
        <details class="account">
          <summary id="account">{summary(account)}</summary>
          <Report account={account} />
        </details>
      )}
      {status?.progress?.isLoading === true && <Loading status={status} />}
    </div>
  )
}

function Loading({ status }: { readonly status: Status }) {
  const { bytes: done, totalBytes } = status.progress ?? { bytes: 0 }
  const text = totalBytes === undefined ? bytes(done) : `${bytes(done)} of ${bytes(totalBytes)}`
  return (
    <span class="loading">
      <progress
        {...(totalBytes === undefined ? {} : { value: done, max: Math.max(1, totalBytes) })}
        aria-label="Reading"
      />{' '}
      reading {text}: answers are of what was read so far
    </span>
  )
}

function summary({ read, unreadable, missing, cut, sampledOut, dropped, damages, unread }: Account): string {
  const parts = [`${many(read, 'line')} read`, `${count(unreadable)} unreadable`]
  parts.push(missing === undefined ? 'not numbered' : `${count(missing)} missing`)
  if (cut > 0) parts.push(`${count(cut)} cut`)
  if ((sampledOut ?? 0) > 0) parts.push(`${count(sampledOut ?? 0)} sampled out`)
  if ((dropped ?? 0) > 0) parts.push(`${count(dropped ?? 0)} dropped`)
  if (damages.length > 0) parts.push(many(damages.length, 'damaged file'))
  if (unread.length > 0) parts.push(`${many(unread.length, 'file')} not read`)
  return parts.join(' · ')
}

function Report({ account }: { readonly account: Account }) {
  const { stored, text, torn, untimed, named, damages, unread, missing } = account
  const rows: readonly (readonly [string, string])[] = [
    ['in the table', count(stored)],
    ['text, no JSON', count(text)],
    ['of these torn', count(torn)],
    ['without a time of their own', count(untimed)],
  ]
  return (
    <div class="report">
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {missing === undefined && (
        <p>
          No line has a number, so nothing can be said of missing ones: createLogger({'{ sequence: true }'}) adds it.
        </p>
      )}
      {named.map(({ file, line, reason }) => (
        <p key={`${file}:${line}`}>
          {file}:{line}: {reason}
        </p>
      ))}
      {damages.map(({ file, reason }) => (
        <p key={file}>
          {file}: {reason}
        </p>
      ))}
      {unread.map((file) => (
        <p key={file}>
          {file}: not read to its end, since the limit was reached; name fewer files, or raise --max-bytes
        </p>
      ))}
    </div>
  )
}
