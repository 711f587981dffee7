import { openSync, writeSync } from 'node:fs'

/**
 * The encoder's unusual ways beside the usual ones, each alone. What they are in the sources stands beside a comment that
 * names the case.
 */
export const cases = [
  {
    id: 'timestamp',
    name: 'an ISO time, the clock included: kept for its millisecond, or made anew',
    bars: [],
    contenders: { kept: keptTime, 'new Date().toISOString()': () => kept(() => new Date().toISOString()) },
  },
  ...[12, 40, 200].map((length) => ({
    id: `strings-${length}`,
    name: `a string of ${length} characters found to need no escaping, and quoted`,
    bars: [],
    contenders: {
      'a loop': () => quoting(length, (text) => (isPlainByLoop(text) ? `"${text}"` : JSON.stringify(text))),
      'a regular expression': () =>
        quoting(length, (text) => (NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`)),
      'JSON.stringify': () => quoting(length, (text) => JSON.stringify(text)),
    },
  })),
  {
    id: 'gathering',
    name: 'lines of 150 bytes gathered and written 4 K at a time',
    bars: [],
    contenders: {
      'appended to one string, its length counted': appended((text) => text.length),
      'the same, its byte length taken at each line': appended((text) => Buffer.byteLength(text)),
      'a Buffer for each line': buffered,
    },
  },
  {
    id: 'flat-head',
    name: 'a line of a head in five pieces and a message, read once',
    bars: [],
    contenders: {
      'the head put together once': () => headed(flat),
      'as it was concatenated': () => headed((text) => text),
    },
  },
]

// Where the compiler cannot see that nobody reads it.
const seen = { text: '' }

function kept(make) {
  return () => {
    seen.text = make()
  }
}

function keptTime() {
  let [ms, text] = [0, '']
  return kept(() => {
    const now = Date.now()
    if (now !== ms) {
      ms = now
      text = new Date(now).toISOString()
    }
    return text
  })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/

function isPlainByLoop(text) {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code === 34 || code === 92 || code >= 0xd800) return false
  }
  return true
}

function quoting(length, quote) {
  const texts = Array.from({ length: 64 }, (_, i) => `${i} ${'user'.repeat(length)}`.slice(0, length))
  return (i) => {
    seen.text = quote(texts[i & 63])
  }
}

const line = (i) =>
  `{"timestamp":"2026-11-22T20:56:34.793Z","level":"INFO","user_id":${i},"message":"${'hello '.repeat(14)}"}\n`

function appended(lengthOf) {
  return ({ path }) => {
    const fd = openSync(path, 'a')
    let pending = ''
    return (i) => {
      pending += line(i)
      if (lengthOf(pending) < 4096) return
      writeSync(fd, pending)
      pending = ''
    }
  }
}

function buffered({ path }) {
  const fd = openSync(path, 'a')
  let [pending, bytes] = [[], 0]
  return (i) => {
    const buffer = Buffer.from(line(i))
    pending.push(buffer)
    bytes += buffer.length
    if (bytes < 4096) return
    writeSync(fd, Buffer.concat(pending, bytes))
    pending = []
    bytes = 0
  }
}

function flat(text) {
  Number(text)
  return text
}

function headed(prepare) {
  const heads = Array.from({ length: 8 }, (_, n) =>
    prepare(
      [
        '{"timestamp":"2026-11-22T20:56:34.793Z"',
        ',"level":"INFO"',
        `,"service":"api-${n}"`,
        ',"pod":"api-7d9f"',
      ].reduce((a, b) => a + b),
    ),
  )
  return (i) => {
    const text = `${heads[i & 7]},"message":"${i}"}\n`
    // Reading a character puts the pieces together, as writing the line does.
    seen.text = text.charAt(i % text.length)
  }
}
