/** What the address says: an address that is copied shows the same. */
export interface UrlState {
  readonly query: string
  /** `all`, `15m` up to now, or two times in milliseconds since the epoch. */
  readonly range: string
  /** The line that is open. */
  readonly line: string | undefined
  /** The request that is shown. */
  readonly request: string | undefined
  readonly columns: readonly string[]
  /** An IANA time zone, `UTC` or `local`. */
  readonly zone: string
}

export const NO_QUERY: UrlState = {
  query: '',
  range: '',
  line: undefined,
  request: undefined,
  columns: [],
  zone: 'local',
}

export function readUrl(): UrlState {
  const fragment = new URLSearchParams(location.hash.slice(1))
  return {
    query: fragment.get('query') ?? '',
    range: fragment.get('range') ?? '',
    line: fragment.get('line') ?? undefined,
    request: fragment.get('request') ?? undefined,
    columns: (fragment.get('columns') ?? '').split(',').filter((name) => name !== ''),
    zone: fragment.get('zone') ?? 'local',
  }
}

/** @param isStep The browser's back button leads back from it. */
export function writeUrl(state: UrlState, isStep: boolean): void {
  const fragment = new URLSearchParams()
  if (state.query !== '') fragment.set('query', state.query)
  if (state.range !== '') fragment.set('range', state.range)
  if (state.columns.length > 0) fragment.set('columns', state.columns.join(','))
  if (state.zone !== 'local') fragment.set('zone', state.zone)
  if (state.line !== undefined) fragment.set('line', state.line)
  if (state.request !== undefined) fragment.set('request', state.request)
  const address = `${location.pathname}${fragment.size === 0 ? '' : `#${fragment}`}`
  if (address === `${location.pathname}${location.hash}`) return
  if (isStep) history.pushState(null, '', address)
  else history.replaceState(null, '', address)
}
