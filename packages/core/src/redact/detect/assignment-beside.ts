import { holdsValue, isTold, tellsName } from '../beside.js'
import type { NameRule } from '../names.js'

/** Texts around a value that are looked at for its name. */
const BEFORE = 300
const AFTER = 400

/**
 * The name of a value by what stands beside it in the text of an object: `{"name":"Cookie","value":…}`,
 * `{ value: '…', path: 'password' }`, in whatever order.
 *
 * @param start Where the member's key begins.
 */
export function nameInObject(text: string, start: number, key: string, nameRule: NameRule): string | undefined {
  if (!holdsValue(key)) return undefined
  const before = text.slice(Math.max(0, start - BEFORE), start)
  const isLoose = !/val(?:ue)?s?$/i.test(key)
  const open = before.lastIndexOf('{')
  // In a sentence, such words say nothing.
  if (isLoose && open === -1) return undefined
  const after = text.slice(start, start + AFTER)
  const end = after.indexOf('}')
  const object = before.slice(open + 1) + (end === -1 ? after : after.slice(0, end))
  for (const [, other = '', list, one] of object.matchAll(MEMBER)) {
    const name = list === undefined ? one : [...list.matchAll(/[\p{L}\p{N}_-]+/gu)].join('.')
    if (name === undefined || !(tellsName(other) || other === 'type') || !isTold(other, name, isLoose)) continue
    if (nameRule(name) !== undefined) return name
  }
  return undefined
}

const QUOTE = String.raw`\\{0,8}["']`
const MEMBER = new RegExp(
  String.raw`([A-Za-z][\w-]{0,39})(?:${QUOTE})?\s{0,3}:\s{0,3}(?:\[([^\]{}]{1,200})\]|${QUOTE}([^"'\\]{1,100})${QUOTE})`,
  'g',
)

/** `<add key="ApiKey" value="…" />`, `<input value="…" name="password">`: the same in the attributes of a tag. */
export function nameInTag(text: string, start: number, key: string, nameRule: NameRule): string | undefined {
  if (!/^(?:value|content|data|default|val)$/i.test(key)) return undefined
  const before = text.slice(Math.max(0, start - BEFORE), start)
  const open = before.lastIndexOf('<')
  if (open === -1 || before.includes('>', open)) return undefined
  const after = text.slice(start, start + AFTER)
  const end = after.indexOf('>')
  return nameOfAttributes(before.slice(open + 1) + (end === -1 ? after : after.slice(0, end)), nameRule)
}

/** The secret name that the attributes of a tag tell. */
export function nameOfAttributes(tag: string, nameRule: NameRule): string | undefined {
  for (const [, , name = ''] of tag.matchAll(ATTRIBUTE)) if (nameRule(name) !== undefined) return name
  return undefined
}

const ATTRIBUTE = /\s(name|key|id|type|property|path|field|for)\s?=\s?\\{0,8}["']?([^\s"'\\<>=]{1,80})/gi

/** `<Name>password</Name><Value>…`, and the value first: the same in elements. `at` is the end of the value's start tag. */
export function nameInSiblings(text: string, open: number, at: number, nameRule: NameRule): string | undefined {
  const before = NAME_BEFORE.exec(text.slice(Math.max(0, open - BEFORE), open))
  if (before !== null) return nameRule(before[1] ?? '') === undefined ? undefined : before[1]
  const name = NAME_AFTER.exec(text.slice(at, at + AFTER))?.[1]
  return name === undefined || nameRule(name) === undefined ? undefined : name
}

const NAMING = '(?:[\\w-]{1,40}:)?(?:name|key|field|parameter|param|property|attribute|header|setting)'
const NAME_BEFORE = new RegExp(`<${NAMING}>([^<>]{1,80})</[\\w:.-]{1,60}>\\s{0,40}$`, 'i')
const NAME_AFTER = new RegExp(`^>?[^<>]{0,200}</[\\w:.-]{1,60}>\\s{0,40}<${NAMING}>([^<>]{1,80})<`, 'i')
