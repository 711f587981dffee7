import { useState } from 'preact/hooks'
import { clock, moment } from './format.js'
import { entriesOf, levelOf, messageOf, type Row, textOf } from './rows.js'

/** What can be done with a line and its values. */
export interface LineActions {
  readonly zone: string
  readonly columns: readonly string[]
  isLabel(name: string): boolean
  onCondition(name: string, operator: '=' | '!=', value: string): void
  onColumn(name: string): void
  onRequest(id: string): void
  /** The lines of its stream before and after it. */
  contextOf(row: Row): Promise<readonly Row[]>
}

const IDS = new Set(['request_id', 'trace_id'])
const STACKS = new Set(['traceback', 'stack', 'error_stack', 'exception'])

/** Everything that a line says: its values to search for, its stack, and the lines around it. */
export function LineDetails({ row, ...actions }: LineActions & { readonly row: Row }) {
  const entries = entriesOf(row)
  const stacks = entries.filter(
    ([name, value]) => STACKS.has(name) || (typeof value === 'string' && /\n\s+at /.test(value)),
  )
  const rest = entries.filter((entry) => !stacks.includes(entry))
  return (
    <div class="details">
      <p class="details-message">{messageOf(row)}</p>
      {stacks.map(([name, value]) => (
        <pre key={name} class="stack">
          {textOf(value)}
        </pre>
      ))}
      <table>
        <tbody>
          {rest.map(([name, value]) => (
            <Field key={name} name={name} value={value} {...actions} />
          ))}
        </tbody>
      </table>
      <Footer row={row} {...actions} />
    </div>
  )
}

function Field({ name, value, ...actions }: LineActions & { readonly name: string; readonly value: unknown }) {
  const text = textOf(value)
  const isShort = text.length <= 512 && typeof value !== 'object'
  const isColumn = actions.columns.includes(name)
  return (
    <tr>
      <td class="actions">
        <button
          type="button"
          disabled={!isShort}
          title={`Only lines with this ${name}`}
          aria-label={`Include ${name} ${text}`}
          onClick={() => actions.onCondition(name, '=', text)}
        >
          +
        </button>
        <button
          type="button"
          disabled={!isShort}
          title={`Only lines with another ${name}`}
          aria-label={`Exclude ${name} ${text}`}
          onClick={() => actions.onCondition(name, '!=', text)}
        >
          −
        </button>
        <button
          type="button"
          aria-pressed={isColumn}
          title={isColumn ? `Take the column ${name} away` : `Show ${name} as a column`}
          aria-label={`Column ${name}`}
          onClick={() => actions.onColumn(name)}
        >
          ▥
        </button>
      </td>
      <th scope="row">
        {name}
        {actions.isLabel(name) && <span class="tag">label</span>}
      </th>
      <td class="value">
        {IDS.has(name) && text !== '' ? (
          <button type="button" class="link" onClick={() => actions.onRequest(text)}>
            {text}
          </button>
        ) : (
          text
        )}
      </td>
    </tr>
  )
}

function Footer({ row, ...actions }: LineActions & { readonly row: Row }) {
  const [context, setContext] = useState<readonly Row[] | undefined>()
  const [isCopied, setIsCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard?.writeText(row.line).catch(() => {})
    setIsCopied(true)
  }
  return (
    <div>
      <div class="details-buttons">
        <button type="button" onClick={async () => setContext(await actions.contextOf(row))}>
          Lines around it
        </button>
        <button type="button" onClick={copy}>
          {isCopied ? 'Copied' : 'Copy the line'}
        </button>
        <span class="faint">{moment(row.ms, actions.zone)}</span>
      </div>
      {context !== undefined && (
        <ol class="context" aria-label="Lines around it">
          {context.map((each) => (
            <li key={each.id} class={`level-${levelOf(each) || 'none'} ${each.id === row.id ? 'self' : ''}`}>
              <span class="time">{clock(each.ms, actions.zone)}</span> <span class="level">{levelOf(each)}</span>{' '}
              {messageOf(each).slice(0, 400)}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
