/** Another service failed; whoever asked us had nothing to do with it. */
class UpstreamError extends Error {
  override readonly name = 'UpstreamError'
  readonly statusCode = 502
}

/**
 * Asks another service.
 *
 * @throws UpstreamError when it fails.
 */
export async function ask(url: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  if (response.status >= 500) throw new UpstreamError(`${new URL(url).pathname} answered ${response.status}`)
  return response
}

/** What `fetch` needs to send an object. */
export function json(body: unknown): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}
