import { invalid, type Span } from '../error.js'

/** An address as a number; IPv4 and IPv6 are never equal. */
type Address = { readonly bits: 32 | 128; readonly value: bigint; readonly zone: string }

/**
 * Compiles the pattern of `ip("…")`: an address, a range in CIDR (`10.0.0.0/8`) or two ends (`10.0.0.1-10.0.0.9`).
 *
 * @returns a test for texts that have such an address anywhere.
 */
export function createIpMatcher(pattern: string, span?: Span): (text: string) => boolean {
  const contains = parseIpPattern(pattern)
  if (!contains) throw invalid(`ip: invalid pattern: "${pattern}"`, span)
  return (text) => hasAddress(text, contains)
}

type Contains = (address: Address) => boolean

function parseIpPattern(pattern: string): Contains | undefined {
  const single = parseAddress(pattern)
  if (single) return ({ bits, value, zone }) => bits === single.bits && value === single.value && zone === single.zone
  return parseCidr(pattern) ?? parseRange(pattern)
}

function parseCidr(pattern: string): Contains | undefined {
  const [, text = '', digits = ''] = /^([^/]*)\/(\d{1,3})$/.exec(pattern) ?? []
  const base = parseAddress(text)
  const length = Number(digits)
  if (base?.zone !== '' || length > base.bits || (digits.length > 1 && digits.startsWith('0'))) return undefined
  const shift = BigInt(base.bits - length)
  return ({ bits, value, zone }) => zone === '' && bits === base.bits && value >> shift === base.value >> shift
}

function parseRange(pattern: string): Contains | undefined {
  const [, first = '', second = ''] = /^([^-]*)-([^-]*)$/.exec(pattern) ?? []
  const [from, to] = [parseAddress(first), parseAddress(second)]
  if (!from || !to || from.zone + to.zone !== '' || from.bits !== to.bits || from.value > to.value) return undefined
  return ({ bits, value, zone }) => zone === '' && bits === from.bits && value >= from.value && value <= to.value
}

const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** Parses an address as Go's `netip.ParseAddr`: no leading zeros, no mapped form as IPv4. */
function parseAddress(text: string): Address | undefined {
  const dotted = parseV4(text)
  if (dotted !== undefined) return { bits: 32, value: dotted, zone: '' }
  const [address = '', zone, ...more] = text.split('%')
  if (more.length > 0 || zone === '' || !address.includes(':')) return undefined
  const value = parseV6(address)
  return value === undefined ? undefined : { bits: 128, value, zone: zone ?? '' }
}

function parseV4(text: string): bigint | undefined {
  const match = v4.exec(text)
  if (!match) return undefined
  let value = 0n
  for (const octet of match.slice(1)) {
    if (Number(octet) > 255 || (octet.length > 1 && octet.startsWith('0'))) return undefined
    value = value * 256n + BigInt(octet)
  }
  return value
}

function parseV6(text: string): bigint | undefined {
  let address = text
  const tail = /:(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1]
  if (tail !== undefined) {
    const low = parseV4(tail)
    if (low === undefined) return undefined
    address = `${text.slice(0, -tail.length)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`
  }
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [head, rest] = halves.map((half) => (half === '' ? [] : half.split(':'))) as [string[], string[] | undefined]
  const count = head.length + (rest?.length ?? 0)
  if (rest ? count > 7 : count !== 8) return undefined
  const groups = rest ? [...head, ...Array.from({ length: 8 - count }, () => '0'), ...rest] : head
  if (!groups.every((group) => /^[\da-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((value, group) => value * 0x10000n + BigInt(`0x${group}`), 0n)
}

const v4Hint = /^\d(?:\.|.\.|..\.)/
const v6Hint = /^(?:::[\da-fA-F]|[\da-fA-F]{1,4}:)/

/** Loki looks for an address where four characters look like one begins, and goes on behind what it tried. */
function hasAddress(text: string, contains: Contains): boolean {
  for (let at = 0; at < text.length; at++) {
    const ahead = text.slice(at, at + 5)
    const charset =
      at + 3 < text.length && v4Hint.test(ahead) ? /^[\d.]*/ : v6Hint.test(ahead) ? /^[\da-fA-F:.]*/ : undefined
    if (!charset) continue
    const candidate = charset.exec(text.slice(at, at + 64))?.[0] ?? ''
    const address = parseAddress(candidate)
    if (address && contains(address)) return true
    at += candidate.length
  }
  return false
}
