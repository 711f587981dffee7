import { Pool } from 'undici'
import type { Service } from './service.ts'

/** Secrets that are in every payment, where services log them: by key, by path and by their look. */
export const SECRETS = [
  'hunter2-of-the-soak',
  'DE89370400440532013000',
  '4111111111111111',
  'soak-bearer-0123456789abcdef',
]

/** Requests at the same time, to each service. */
const AT_ONCE = 12

/** How a request ended, as its client saw it: a class of statuses, or that it left. */
export type Outcome = '2xx' | '4xx' | '5xx' | 'aborted'

type Send = (pool: Pool, id: string, n: number) => Promise<Outcome>

function get(path: (n: number) => string): Send {
  return async (pool, id, n) => {
    const headers = { 'x-request-id': id }
    const { statusCode, body } = await pool.request({ method: 'GET', path: path(n), headers })
    await body.dump()
    return `${Math.floor(statusCode / 100)}xx` as Outcome
  }
}

const pay: Send = async (pool, id) => {
  const [password, iban, card, token] = SECRETS
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: `/pay?token=${token}`,
    headers: { 'content-type': 'application/json', 'x-request-id': id, authorization: `Bearer ${token}` },
    body: JSON.stringify({ user: { password }, transfer: [{ iban }], note: `paid with ${card}` }),
  })
  await body.dump()
  return `${Math.floor(statusCode / 100)}xx` as Outcome
}

/** Leaves in the middle of an answer. */
const leave: Send = async (pool, id) => {
  const headers = { 'x-request-id': id }
  const { body } = await pool.request({ method: 'GET', path: '/endless', headers })
  await new Promise((resolve) => body.once('data', resolve))
  body.on('error', () => {}).destroy()
  return 'aborted'
}

const order = get((n) => `/orders/${n}`)
/** Of twenty requests. `chain` is for the services that have another behind them. */
const MIX: readonly Send[] = [
  ...Array.from({ length: 14 }, () => order),
  pay,
  pay,
  get(() => '/fail'),
  get(() => '/nowhere'),
  leave,
]
const chain = get((n) => `/chain/${n}`)

/** Requests to one service, with an account of each. */
export class Traffic {
  /** How many ended in which way. */
  readonly outcomes: Record<Outcome, number> = { '2xx': 0, '4xx': 0, '5xx': 0, aborted: 0 }
  /** The ids of those that failed. */
  readonly failed: string[] = []
  sent = 0
  private readonly pool: Pool
  private readonly service: Service
  private readonly next: Traffic | undefined

  /** @param next The traffic of the service behind, which has one more for each call of this one. */
  constructor(service: Service, next: Traffic | undefined) {
    this.service = service
    this.next = next
    this.pool = new Pool(service.url, { connections: AT_ONCE })
  }

  /** Sends until then, and comes back when everything is answered. */
  async until(end: number): Promise<void> {
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (performance.now() < end) await this.one()
      }),
    )
  }

  async close(): Promise<void> {
    await this.pool.destroy()
  }

  private async one(): Promise<void> {
    const n = this.sent++
    const id = `${this.service.framework}-${n}`
    const send = MIX[n % 20] ?? (this.next === undefined ? order : chain)
    const outcome = await send(this.pool, id, n)
    this.outcomes[outcome]++
    if (outcome === '5xx') this.failed.push(id)
    if (send === chain && this.next !== undefined) this.next.outcomes['2xx']++
  }
}
