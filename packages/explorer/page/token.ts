const KEY = 'throughline-token'

/**
 * The token of this server. It comes once, in the address that the command printed; it is then kept for this tab alone and
 * taken out of the address, so that an address that is copied does not hold it.
 */
export function takeToken(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const given = fragment.get('token')
  if (given !== null) {
    sessionStorage.setItem(KEY, given)
    fragment.delete('token')
    const rest = fragment.toString()
    history.replaceState(null, '', `${location.pathname}${rest === '' ? '' : `#${rest}`}`)
  }
  return sessionStorage.getItem(KEY) ?? undefined
}
