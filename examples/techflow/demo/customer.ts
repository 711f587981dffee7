/** A status, or what becomes of a request whose customer does not wait for it. */
export type Outcome = number | 'aborted'

/** What a customer asks for. */
export interface Wish {
  readonly request_id: string
  readonly path: string
  /** The pattern of the path, where that is another. */
  readonly route?: string
  /** Makes it a POST. */
  readonly body?: unknown
  /** What should come of it, by the story. */
  readonly expected: Outcome
}

/** A request as its customer saw it. */
export interface Sent {
  readonly request_id: string
  readonly user_id: string
  readonly method: string
  readonly route: string
  readonly expected: Outcome
  readonly outcome: Outcome
}

/** How long a customer waits who gives up. */
const PATIENCE_MS = 400

/** Somebody with a browser, and a note of what came of each request. */
export class Customer {
  readonly sent: Sent[] = []
  readonly password: string
  /** What the last login gave. */
  token = ''
  readonly #user: string
  readonly #shop: string
  readonly #signal: AbortSignal

  constructor(user: string, shop: string, signal: AbortSignal) {
    this.#user = user
    this.password = `${user}: correct horse battery staple`
    this.#shop = shop
    this.#signal = signal
  }

  async logIn(request_id: string, fields: object, expected: Outcome): Promise<void> {
    const body = { user: this.#user, ...fields }
    const answer = (await this.send({ request_id, path: '/login', body, expected })) as { readonly token?: string }
    if (answer.token !== undefined) this.token = answer.token
  }

  /** @returns what was answered, if anything was. */
  async send({ request_id, path, route = path, body, expected }: Wish): Promise<unknown> {
    const method = body === undefined ? 'GET' : 'POST'
    const note = (outcome: Outcome) =>
      this.sent.push({ request_id, user_id: this.#user, method, route, expected, outcome })
    const patience = expected === 'aborted' ? AbortSignal.timeout(PATIENCE_MS) : this.#signal
    try {
      const response = await fetch(this.#shop + path, {
        method,
        headers: {
          'x-request-id': request_id,
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.any([this.#signal, patience]),
      })
      const answer = await response.json()
      note(response.status)
      return answer
    } catch (error) {
      if (!patience.aborted || this.#signal.aborted) throw error
      note('aborted')
      return undefined
    }
  }
}
