import type { Customer } from './customer.ts'

export type Customers = readonly Customer[]

const CARD = '4111 1111 1111 1111'
const WRONG_PASSWORD = 'swordfish, or so'

/** How many windows browse at once, and how many pages each opens. */
const WINDOWS = 20
const PAGES = 25

/** The shop has a dozen products, so the cache soon knows them all. */
const PRODUCTS = 12

/** What must stand in no log, once everybody has logged in. */
export function secretsOf(customers: Customers): string[] {
  const own = customers.flatMap(({ password, token }) => [password, token])
  return [...own, WRONG_PASSWORD, CARD, CARD.replaceAll(' ', '')]
}

export async function logIn(customers: Customers): Promise<void> {
  await each(customers, customers.length, (customer, i) => {
    return customer.logIn(`login-${i}`, { password: customer.password, card_number: CARD }, 200)
  })
}

export async function mistypePassword(customers: Customers): Promise<void> {
  await each(customers, 3, (customer, i) => customer.logIn(`mistyped-${i}`, { password: WRONG_PASSWORD }, 401))
}

export async function browse(customers: Customers, time: 'morning' | 'evening'): Promise<void> {
  await each(customers, WINDOWS, async (customer, window) => {
    for (let page = 0; page < PAGES; page++) {
      const path = `/products/${(window + page) % PRODUCTS}`
      await customer.send({ request_id: `${time}-${window}-${page}`, path, route: '/products/:id', expected: 200 })
    }
  })
}

/** Every fifth is for more than its card has. */
export async function order(customers: Customers): Promise<void> {
  await each(customers, 24, (customer, i) => {
    const isDeclined = i % 5 === 3
    const note = `charge ${CARD}, as always`
    const body = { product: String(i), amount: isDeclined ? 5000 : 12, card_number: CARD, note }
    return customer.send({ request_id: `order-${i}`, path: '/orders', body, expected: isDeclined ? 502 : 201 })
  })
}

/** Slow: the database counts for a second. */
export async function readReports(customers: Customers, time: 'morning' | 'night'): Promise<void> {
  await each(customers, 4, (customer, i) => {
    return customer.send({ request_id: `report-${time}-${i}`, path: '/reports/sales', expected: 200 })
  })
}

export async function giveUp(customers: Customers): Promise<void> {
  await each(customers, 5, (customer, i) => {
    return customer.send({ request_id: `impatient-${i}`, path: '/reports/sales', expected: 'aborted' })
  })
}

/** While the database is away: what the cache knows goes on. */
export async function meetOutage(customers: Customers): Promise<void> {
  const route = '/products/:id'
  await each(customers, 3, (customer, i) => {
    return customer.logIn(`outage-login-${i}`, { password: customer.password, card_number: CARD }, 502)
  })
  await each(customers, 6, (customer, i) => {
    return customer.send({ request_id: `outage-new-${i}`, path: `/products/new-${i}`, route, expected: 502 })
  })
  await each(customers, 8, (customer, i) => {
    return customer.send({ request_id: `outage-known-${i}`, path: `/products/${i}`, route, expected: 200 })
  })
}

/** So many at once, by the customers in turn. */
async function each(customers: Customers, count: number, act: (customer: Customer, i: number) => Promise<unknown>) {
  await Promise.all(Array.from({ length: count }, (_, i) => act(customers[i % customers.length] as Customer, i)))
}
