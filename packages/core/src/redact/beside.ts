import { types } from 'node:util'
import type { NameRule } from './names.js'

/**
 * Objects in which one member tells a name and another holds the value: `{ path: 'password', value: 'hunter2' }`. What
 * validators report, fields of forms, changes (old and new value), patches (RFC 6902), lists of headers and parameters, tables
 * of settings.
 */

/** What a member that tells a name is called: `name`, `param`, `ParameterKey`, `instancePath`, `loc`. */
const NAMING =
  /^(?:(?:field|form|input|control|param|parameter|arg|argument|flag|header|attribute|attr|property|prop|setting|option|config|variable|var|env|column|tag|json|instance|object|full|data|secret)?(?:name|key|path|pointer|label|id)|field|param|parameter|arg|argument|flag|header|attribute|attr|property|prop|setting|option|variable|var|env|column|loc|segments?|pointer|k)$/

/** What a member that holds a value is called, whatever the name: `value`, `stringValue`, `oldValue`, `val`. */
const VALUE = /(?:^|[a-z])val(?:ue)?s?$|^v$/

/** The same where the name is no path of an address, which has data, a body and a destination too. */
const LOOSE = new Set(
  [
    'input inputs data content contents text raw body payload actual received given got provided submitted entered supplied',
    'current old new previous prev next before after from to original initial default example lhs rhs left right was now updated',
    'rejected invalid attempted answer response',
  ].flatMap((line) => line.split(' ')),
)

/** Names that an object's `type` tells (`<input type="password">`). */
const TYPES = /^(?:password|passwd|passphrase|passcode|secret|pin|otp)$/i

/** Lists of segments have no more (`['body', 'user', 'password']`). */
const MOST_SEGMENTS = 20

/** `Attribute-Name`, `attribute_name` and `attributeName` are one. */
function bare(key: string): string {
  return key.replace(/[^A-Za-z]/g, '').toLowerCase()
}

/** Whether a member of this key may tell another's name. */
export function tellsName(key: string): boolean {
  return key.length <= LONGEST_KEY && NAMING.test(bare(key))
}

/** Whether a member of this key may hold a value whose name stands beside it. */
export function holdsValue(key: string): boolean {
  if (key.length > LONGEST_KEY) return false
  const word = bare(key)
  return VALUE.test(word) || LOOSE.has(word)
}

const LONGEST_KEY = 40

/** Tells the rule of a value by what stands beside it. */
export type BesideRule = (owner: Readonly<Record<string, unknown>>, key: string) => string | undefined

export function compileBeside(nameRule: NameRule): BesideRule {
  const roles = new Map<string, Role>()
  const roleOf = (key: string) => {
    const known = roles.get(key)
    if (known !== undefined) return known
    if (roles.size >= MOST_REMEMBERED) roles.clear()
    const role = { isNaming: tellsName(key) || key === 'type', isLoose: !VALUE.test(bare(key)) }
    roles.set(key, role)
    return role
  }
  return (owner, key) => {
    try {
      for (const other in owner) {
        if (!roleOf(other).isNaming || other === key) continue
        const name = nameIn(owner[other])
        if (name === undefined || !isTold(other, name, roleOf(key).isLoose)) continue
        const rule = nameRule(name)
        if (rule !== undefined) return rule
      }
    } catch {
      // A getter or a proxy that throws tells nothing.
    }
    return undefined
  }
}

interface Role {
  readonly isNaming: boolean
  readonly isLoose: boolean
}

const MOST_REMEMBERED = 1000

/** Whether a member's text is a name of the value: not the path of an address, and of types only the plain ones. */
export function isTold(key: string, name: string, isLoose: boolean): boolean {
  if (key === 'type') return !isLoose && TYPES.test(name)
  return !(isLoose && name.startsWith('/') && /^(?:full)?path$/i.test(key))
}

/** The name that a value is, when it is one: a text, or a list of segments. */
function nameIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value === 'symbol') return value.description
  if (Array.isArray(value)) return segmentsOf(value)
  return types.isStringObject(value) ? String.prototype.valueOf.call(value) : undefined
}

function segmentsOf(list: readonly unknown[]): string | undefined {
  if (list.length === 0 || list.length > MOST_SEGMENTS) return undefined
  return list.every((one) => typeof one === 'string' || typeof one === 'number') ? list.join('.') : undefined
}
