import type { LogRecord } from '../record/record.js'
import { timeOf } from '../record/time.js'
import type { Unit } from './unit.js'

/** Requests of so many ids are compared with each other; of more, a sample by the id's hash: memory has a bound. */
const MOST_GROUPS = 20_000
/** More requests of one id are not compared. */
const MOST_MEMBERS = 64

/** A request, as far as it says what caused it. */
interface Member {
  readonly service: string
  readonly key: string
  readonly start: number
  readonly end: number
  /** It came with the span of a caller. */
  readonly hasParent: boolean
  readonly weight: number
}

interface Share {
  outside: number
  all: number
}

/** Which part of a route's requests, from 0 to 1, no other request in the files caused. */
export type OutsideShare = (route: Pick<Unit, 'service' | 'method' | 'route'>) => number

/**
 * Tells the requests that came from outside from those that a service sent to another one on their behalf. All of them have the
 * same request id, and the first of them is the one from outside.
 */
export class Hops {
  private groups = new Map<string, { readonly hash: number; readonly members: Member[] }>()
  /** Ids whose hash is below it are kept. */
  private limit = 2 ** 32

  add(record: LogRecord, unit: Unit): void {
    const id = record.request_id ?? record.trace_id
    if (typeof id !== 'string' || id === '') return
    const hash = hashOf(id)
    if (hash >= this.limit) return
    let group = this.groups.get(id)
    if (group === undefined) {
      group = { hash, members: [] }
      this.groups.set(id, group)
      if (this.groups.size > MOST_GROUPS) this.halve()
    }
    if (group.members.length < MOST_MEMBERS) group.members.push(memberOf(record, unit))
  }

  /** By route, by what is known of the service where nothing is of the route, and all of them where nothing is known. */
  outside(): OutsideShare {
    const shares = new Map<string, Share>()
    for (const { members } of this.groups.values()) {
      for (const { member, isOutside } of judged(members)) {
        for (const key of [member.key, member.service]) {
          const share = shares.get(key) ?? { outside: 0, all: 0 }
          share.all += member.weight
          if (isOutside) share.outside += member.weight
          shares.set(key, share)
        }
      }
    }
    return (route) => {
      const share = shares.get(keyOf(route)) ?? shares.get(route.service)
      return share === undefined ? 1 : share.outside / share.all
    }
  }

  private halve(): void {
    this.limit /= 2
    for (const [id, { hash }] of this.groups) if (hash >= this.limit) this.groups.delete(id)
  }
}

/** Nothing is known of a request with a caller of which no line is there: it may have been sampled out. */
function judged(members: readonly Member[]): readonly { readonly member: Member; readonly isOutside: boolean }[] {
  const [first, ...others] = members.toSorted(
    (a, b) => Number(a.hasParent) - Number(b.hasParent) || a.start - b.start || b.end - a.end,
  )
  if (first === undefined || (others.length === 0 && first.hasParent)) return []
  // A client that tries again with the same id begins when the first try is over.
  const isHop = ({ hasParent, service, start }: Member) =>
    hasParent || service !== first.service || (start >= first.start && start < first.end)
  return [{ member: first, isOutside: true }, ...others.map((member) => ({ member, isOutside: !isHop(member) }))]
}

function memberOf(record: LogRecord, unit: Unit): Member {
  const end = timeOf(record.timestamp) ?? 0
  return {
    service: unit.service,
    key: keyOf(unit),
    start: end - unit.durationMs,
    end,
    hasParent: record.parent_span_id !== undefined,
    weight: unit.weight,
  }
}

function keyOf({ service, method, route }: Pick<Unit, 'service' | 'method' | 'route'>): string {
  return `${service}\n${method} ${route}`
}

/** FNV-1a, and the last step of MurmurHash3, so that ids that differ in one digit are far apart. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
