import { useEffect, useState } from 'preact/hooks'
import { quoted } from './edit-query.js'

/** The questions that a team asks first. */
interface Example {
  readonly title: string
  readonly query: string
}

interface Properties {
  readonly saved: readonly string[]
  labels(): Promise<readonly string[]>
  labelValues(label: string): Promise<readonly string[]>
  onRun(query: string): void
}

/** What is shown before anything was asked. */
export function StartPage({ saved, labels, labelValues, onRun }: Properties) {
  const [examples, setExamples] = useState<readonly Example[]>(examplesFor('namespace', 'production', 'api-service'))
  useEffect(() => {
    fitting(labels, labelValues).then(setExamples, () => {})
  }, [])
  return (
    <div class="start">
      <Builder labels={labels} labelValues={labelValues} onRun={onRun} />
      {saved.length > 0 && (
        <section>
          <h2>Saved queries</h2>
          <ul class="examples">
            {saved.map((query) => (
              <li key={query}>
                <button type="button" onClick={() => onRun(query)}>
                  <code>{query}</code>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>Questions to begin with</h2>
        <ul class="examples">
          {examples.map(({ title, query }) => (
            <li key={query}>
              <button type="button" onClick={() => onRun(query)}>
                <span>{title}</span>
                <code>{query}</code>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </div>
  )
}

/** The examples, with names that are in these logs. */
async function fitting(labels: Properties['labels'], values: Properties['labelValues']): Promise<readonly Example[]> {
  const names = await labels()
  const label = ['namespace', 'environment', 'app', 'service', 'service_name'].find((name) => names.includes(name))
  const app = ['app', 'service', 'service_name'].find((name) => names.includes(name)) ?? 'app'
  const [places, apps] = await Promise.all([values(label ?? app), values(app)])
  return examplesFor(label ?? app, places[0] ?? 'production', apps[0] ?? 'api-service', app)
}

function examplesFor(label: string, place: string, app: string, appLabel = 'app'): readonly Example[] {
  const selector = `{${label}=${quoted(place)}}`
  const service = `{${appLabel}=${quoted(app)}}`
  return [
    { title: 'All errors', query: `${selector} |= "ERROR" | json` },
    { title: 'One request, through every service', query: `${selector} | json | request_id="abc-123-def"` },
    { title: 'One kind of error in one service', query: `${service} |= "DatabaseConnectionError" | json` },
    { title: 'Errors a second, by service', query: `sum(rate(${selector} |= "ERROR"[5m])) by (${appLabel})` },
    { title: 'Requests slower than a second', query: `${selector} | json | response_time_ms > 1000` },
    {
      title: 'Alert: more than ten errors a second',
      query: `sum(rate(${selector} |= "ERROR"[5m])) by (${appLabel}) > 10`,
    },
    {
      title: 'Alert: database errors in five minutes',
      query: `count_over_time(${service} |= "DatabaseConnectionError"[5m]) > 5`,
    },
    { title: 'Alert: a service that is silent', query: `absent_over_time(${service}[5m])` },
  ]
}

type BuilderProperties = Pick<Properties, 'labels' | 'labelValues' | 'onRun'>

/** A query by choosing, for those who do not know LogQL yet: it is shown, and can be changed. */
function Builder({ labels, labelValues, onRun }: BuilderProperties) {
  const [names, setNames] = useState<readonly string[]>([])
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({})
  const [contains, setContains] = useState('')
  const [field, setField] = useState('')
  const [operator, setOperator] = useState('=')
  const [value, setValue] = useState('')
  useEffect(() => {
    labels().then(
      (found) => setNames(found.slice(0, 6)),
      () => {},
    )
  }, [])
  const query = built({ chosen, contains, field, operator, value, any: names[0] ?? 'app' })
  return (
    <section class="builder">
      <h2>Search</h2>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onRun(query)
        }}
      >
        {names.map((name) => (
          <LabelChoice
            key={name}
            name={name}
            values={labelValues}
            onChoose={(picked) => setChosen({ ...chosen, [name]: picked })}
          />
        ))}
        <label>
          text
          <input
            type="search"
            value={contains}
            placeholder="ERROR"
            onInput={(event) => setContains(event.currentTarget.value)}
          />
        </label>
        <label>
          field
          <input
            value={field}
            placeholder="response_time_ms"
            onInput={(event) => setField(event.currentTarget.value)}
          />
        </label>
        <label>
          is
          <select value={operator} onChange={(event) => setOperator(event.currentTarget.value)}>
            {['=', '!=', '=~', '>', '>=', '<', '<='].map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        </label>
        <label>
          value
          <input value={value} placeholder="1000" onInput={(event) => setValue(event.currentTarget.value)} />
        </label>
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      <code class="built">{query}</code>
    </section>
  )
}

interface LabelProperties {
  readonly name: string
  values(label: string): Promise<readonly string[]>
  onChoose(value: string): void
}

function LabelChoice({ name, values, onChoose }: LabelProperties) {
  const [found, setFound] = useState<readonly string[]>([])
  useEffect(() => {
    values(name).then(setFound, () => {})
  }, [name])
  return (
    <label>
      {name}
      <select onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">any</option>
        {found.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  )
}

interface Choices {
  readonly chosen: Readonly<Record<string, string>>
  readonly contains: string
  readonly field: string
  readonly operator: string
  readonly value: string
  readonly any: string
}

function built({ chosen, contains, field, operator, value, any }: Choices): string {
  const matchers = Object.entries(chosen).flatMap(([name, text]) => (text === '' ? [] : [`${name}=${quoted(text)}`]))
  const selector = `{${matchers.length === 0 ? `${any}=~".+"` : matchers.join(', ')}}`
  const text = contains === '' ? '' : ` |= ${quoted(contains)}`
  const isNumber = /^[<>]/.test(operator)
  const condition = field === '' ? '' : ` | json | ${field} ${operator} ${isNumber ? value || '0' : quoted(value)}`
  return `${selector}${text}${condition}`
}
