import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { defineEvent } from '@throughline/event'
import * as express from '@throughline/express'
import * as fastify from '@throughline/fastify'
import * as http from '@throughline/http'
import { loki } from '@throughline/loki'
import { otlp } from '@throughline/otlp'
import { correlation, installGlobal } from '@throughline/undici'
import { createLogger, file, type Logger, memory, pretty, stderr, stdout, stream, watchLevel } from 'throughline'
import { describe, expect, it } from 'vitest'
import { readPage } from './markdown.js'
import { type Member, optionInterfaces } from './option-interfaces.js'

const PAGE = 'docs/reference/options.md'
const interfaces = optionInterfaces()

/** A table of the page: the line before it names the interface and what it is imported from. */
interface Table {
  readonly name: string
  readonly from: string
  readonly rows: readonly (Member & { readonly usual: string })[]
}

const tables: readonly Table[] = [
  ...readPage(PAGE).matchAll(/^`(\w+)`, from `([^`]+)`[^|]*?\n\n\| option .*\n\|[-|]+\n((?:\|.*\n)+)/gm),
].map(([, name = '', from = '', rows = '']) => ({ name, from, rows: rows.trim().split('\n').map(rowOf) }))

function rowOf(row: string): Member & { readonly usual: string } {
  const [, name = '', type = '', usual = ''] = row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
  return { name: bare(name), type: bare(type), isOptional: usual !== 'required', usual }
}

function bare(code: string): string {
  return code.replace(/^`|`$/g, '')
}

describe(PAGE, () => {
  it('has a table for each interface, and none for any other', () => {
    const named = ({ name, from }: { readonly name: string; readonly from: string }) => `${from}: ${name}`
    expect(tables.map(named).sort()).toEqual(interfaces.map(named).sort())
  })

  it.each(interfaces)('has every option of $name, with its type, and no other', ({ name, members }) => {
    const rows = tables.find((table) => table.name === name)?.rows ?? []
    expect(rows.map(({ usual: _, ...member }) => member)).toEqual(members)
  })
})

const log = createLogger({ env: {}, destination: memory() })
const path = join(tmpdir(), 'throughline-options-never-opened')
const sampled = (sampling: object): Logger => createLogger({ env: {}, destination: memory(), sampling })

/** Who takes the options of an interface, and what it needs beside them. */
const takers: Readonly<Record<string, readonly ((options: never) => unknown)[]>> = {
  LoggerOptions: [(options: object) => createLogger({ env: {}, destination: memory(), ...options })],
  ErrorOptions: [(options: object) => createLogger({ env: {}, destination: memory(), errors: options })],
  RedactOptions: [(redact: object) => createLogger({ env: {}, destination: memory(), redact })],
  SamplingOptions: [sampled],
  SamplingRule: [(rule: object) => sampled({ rules: [{ rate: 1, ...rule }] })],
  StdoutOptions: [stdout, stderr],
  FileOptions: [(options: object) => file(path, options)],
  RotateOptions: [(rotate: object) => file(path, { rotate })],
  StreamOptions: [(options: object) => stream(new PassThrough(), options)],
  MemoryOptions: [memory],
  PrettyOptions: [(options: object) => pretty(memory(), options)],
  WatchLevelOptions: [(options: object) => watchLevel({ signal: 'SIGUSR2', ...options })()],
  EventOptions: [
    (options: object) => defineEvent('e', { type: 'object', properties: { a: { type: 'string' } } }, options),
  ],
  OutgoingOptions: [correlation, installGlobal, http.instrumentHttpClient],
  RequestLoggingOptions: [
    (options: object) => express.requestLogger(log, options),
    (options: object) => http.withRequestLogging(log, () => {}, options),
    (options: object) => http.withUpgradeLogging(log, () => {}, options),
    (options: object) => fastify.fastifyOptions(log, options),
  ],
  HttpRequestLoggingOptions: [(options: object) => http.withRequestLogging(log, () => {}, options)],
  RequestLevels: [(levels: object) => express.requestLogger(log, { levels })],
  TransportOptions: [
    (options: object) => loki({ url: 'http://127.0.0.1:1', ...options }),
    (options: object) => otlp({ env: {}, ...options }),
  ],
  BatchOptions: [(batch: object) => loki({ url: 'http://127.0.0.1:1', batch })],
  QueueOptions: [(queue: object) => loki({ url: 'http://127.0.0.1:1', queue })],
  RetryOptions: [(retry: object) => loki({ url: 'http://127.0.0.1:1', retry })],
  SpoolOptions: [(spool: object) => loki({ url: 'http://127.0.0.1:1', spool: { dir: path, ...spool } })],
  LokiOptions: [(options: object) => loki({ url: 'http://127.0.0.1:1', ...options })],
  OtlpOptions: [(options: object) => otlp({ env: {}, ...options })],
}

/** Checked by node:tls when the first connection is made, or by the runner of a test; a flush must not throw; and what a library may pass refuses nothing. */
const TAKEN_AS_THEY_ARE = [
  ...['TlsOptions', 'CaptureOptions', 'AssertNoLeaksOptions', 'TestDestinationOptions'],
  ...['ChildOptions', 'OperationOptions', 'Branch', 'FlushOptions', 'FastifyRequestLoggingOptions'],
]

describe('a mistake in the options', () => {
  it('is looked for in every interface that can have one', () => {
    expect([...Object.keys(takers), ...TAKEN_AS_THEY_ARE].sort()).toEqual(interfaces.map(({ name }) => name).sort())
  })

  const checked = interfaces.flatMap((one) => (takers[one.name] ?? []).map((take, i) => ({ ...one, take, i })))
  it.each(checked)('is named when an option of $name is unknown ($i)', ({ take }) => {
    expect(() => take({ polcy: 1 } as never)).toThrow(/polcy/)
  })

  const cases = checked.flatMap((one) => one.members.map((member) => ({ ...one, option: member.name })))
  it.each(cases)('is named when $option of $name is a symbol ($i)', ({ take, option }) => {
    const [outer = '', inner] = option.split('.')
    const value = Symbol('s3cret')
    const options = inner === undefined ? { [outer]: value } : { [outer]: { [inner]: value } }
    expect(() => take(options as never)).toThrow(TypeError)
    expect(() => take(options as never)).toThrow(inner ?? outer)
    expect(() => take(options as never)).not.toThrow(/s3cret/)
  })
})
