import { setTimeout as delay } from 'node:timers/promises'
import { Customer, type Sent } from './customer.ts'
import { browse, giveUp, logIn, meetOutage, mistypePassword, order, readReports, secretsOf } from './scenes.ts'
import type { Shop } from './shop.ts'

/** What was sent on a day, and what of it must stand in no log. */
export interface Day {
  /** When it began: milliseconds since the epoch. */
  readonly began: number
  readonly sent: readonly Sent[]
  readonly secrets: readonly string[]
}

/** A day of the shop, in a few seconds, to its end. The ids are the same every time, and so is what sampling keeps. */
export async function live(shop: Shop, signal: AbortSignal): Promise<Day> {
  const began = Date.now()
  const customers = ['ada', 'grace', 'alan', 'barbara'].map((user) => new Customer(user, shop.url, signal))
  await logIn(customers)
  const secrets = secretsOf(customers)
  await Promise.all([readReports(customers, 'morning'), giveUp(customers)])
  await Promise.all([browse(customers, 'morning'), mistypePassword(customers), order(customers)])
  await shop.loseDatabase()
  await meetOutage(customers)
  await shop.restoreDatabase()
  await browse(customers, 'evening')
  // SIGTERM comes while these are under way.
  await Promise.all([readReports(customers, 'night'), delay(400).then(() => shop.close())])
  return { began, sent: customers.flatMap(({ sent }) => sent), secrets }
}
