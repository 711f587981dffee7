import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { freePorts } from './free-ports.ts'
import { type Environment, Service } from './service.ts'

/** The services that log, from the outside in. */
export const SERVICES = ['gateway', 'auth', 'api', 'cache'] as const
type Name = (typeof SERVICES)[number] | 'database'

/** The pods that they would be in. */
export const PODS = { gateway: 'gateway-7d9f', auth: 'auth-5c4b', api: 'api-66f8', cache: 'cache-9x2k' } as const

/** The shop, as processes on free ports of loopback, each with a file in the folder `logs`. What is left of them when it is disposed of is killed. */
export class Shop implements AsyncDisposable {
  readonly #running = new Map<Name, Service>()
  readonly #folder: string
  readonly #collected: number
  readonly #ports: Readonly<Record<Name, number>>

  static async open(folder: string): Promise<Shop> {
    const [gateway = 0, auth = 0, api = 0, cache = 0, database = 0] = await freePorts(5)
    const shop = new Shop(folder, { gateway, auth, api, cache, database })
    try {
      for (const name of ['database', ...SERVICES] as const) shop.#start(name)
      await Promise.all([...shop.#running].map(([name, service]) => service.ready(shop.#ports[name])))
      return shop
    } catch (error) {
      await shop[Symbol.asyncDispose]()
      throw error
    }
  }

  private constructor(folder: string, ports: Readonly<Record<Name, number>>) {
    this.#folder = folder
    this.#ports = ports
    // What a node's collector would have: the standard output of all pods.
    this.#collected = openSync(join(folder, 'collected.log'), 'a')
  }

  /** Where its customers find it. */
  get url(): string {
    return this.#url('gateway')
  }

  /** The database goes away without a word. */
  async loseDatabase(): Promise<void> {
    await this.#running.get('database')?.end('SIGKILL')
  }

  async restoreDatabase(): Promise<void> {
    await this.#start('database').ready(this.#ports.database)
  }

  /** Ends it as Kubernetes would, from the outside in: no service goes before those that ask it. */
  async close(): Promise<void> {
    for (const name of [...SERVICES, 'database'] as const) await this.#running.get(name)?.end('SIGTERM')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running.values()].map((service) => service.end('SIGKILL')))
    closeSync(this.#collected)
  }

  #start(name: Name): Service {
    const service = new Service(name, this.#environment(name), this.#collected)
    this.#running.set(name, service)
    return service
  }

  #environment(name: Name): Environment {
    const env = {
      PORT: String(this.#ports[name]),
      AUTH_URL: this.#url('auth'),
      API_URL: this.#url('api'),
      CACHE_URL: this.#url('cache'),
      DATABASE_URL: this.#url('database'),
    }
    if (name === 'database') return env
    return { ...env, LOG_FILE: join(this.#folder, 'logs', `${name}.log`), POD_NAME: PODS[name], POD_NAMESPACE: 'shop' }
  }

  #url(name: Name): string {
    return `http://127.0.0.1:${this.#ports[name]}`
  }
}
