import { createLogger, memory } from 'throughline'
import { describe, expect, it } from 'vitest'
import { checkLogger, checkOptions } from './options.js'

const log = createLogger({ env: {}, destination: memory() })
const check = (options: unknown) => () => checkOptions('requestLogger(log, options)', log, options as object)

describe('checkOptions', () => {
  it.each([
    [null, 'requestLogger(log, options): got null; accepted: an object with requestIdHeader, '],
    [{ logStrat: true }, 'requestLogger: unknown option "logStrat"; accepted: requestIdHeader, '],
    [{ requestIdHeader: 5 }, '{ requestIdHeader }): got 5; accepted: a header name, or an array of them'],
    [{ requestIdHeader: [] }, '{ requestIdHeader }): got array; accepted: a header name, or an array of them'],
    [{ requestIdHeader: 'x y' }, '{ requestIdHeader }): got string; accepted: a header name'],
    [{ responseHeader: true }, '{ responseHeader }): got boolean; accepted: a header name, or false'],
    [{ responseHeader: 'a\r\nb: c' }, '{ responseHeader }): got string; accepted: a header name, or false'],
    [{ trustIncoming: 'yes' }, '{ trustIncoming }): got string; accepted: true, false or a function'],
    [{ generateId: 'x' }, '{ generateId }): got string; accepted: a function'],
    [{ traceIds: {} }, '{ traceIds }): got object; accepted: a function'],
    [{ logStart: 1 }, '{ logStart }): got 1; accepted: true or false'],
    [{ levels: 'info' }, '{ levels }): got string; accepted: an object'],
    [{ levels: { sucess: 'info' } }, 'unknown option "sucess" in levels; accepted: started, completed, '],
    [{ levels: { completed: 'loud' } }, "{ levels: { completed } }): got string; accepted: 'trace', 'debug', "],
    [{ ignore: /x/ }, '{ ignore }): got object; accepted: a path, a glob, a function, or an array of them'],
    [{ ignore: ['/x', ''] }, '{ ignore }): got array; accepted: a path'],
    [{ logHeaders: 'accept' }, '{ logHeaders }): got string; accepted: an array of header names'],
    [{ logQuery: null }, '{ logQuery }): got null; accepted: true or false'],
    [{ logBody: { maxBytes: -1 } }, '{ logBody }): got object; accepted: true, false or { maxBytes }'],
    [{ logBody: null }, '{ logBody }): got null; accepted: true, false or { maxBytes }'],
    [{ customFields: {} }, '{ customFields }): got object; accepted: a function'],
  ])('refuses %j, naming the option, the type and what is accepted', (options, message) => {
    expect(check(options)).toThrow(TypeError)
    expect(check(options)).toThrow(message)
  })

  it('never repeats a value', () => {
    expect(check({ requestIdHeader: 'my secret' })).not.toThrow(/my secret/)
  })

  it('takes every option together, and none', () => {
    expect(check({})).not.toThrow()
    expect(
      check({
        requestIdHeader: ['x-request-id', 'x-correlation-id'],
        responseHeader: false,
        trustIncoming: () => true,
        generateId: () => 'x',
        traceIds: () => ({ trace_id: 'x', span_id: 'y' }),
        logStart: false,
        levels: { started: 'debug', completed: 'trace', clientError: 'info', serverError: 'fatal', aborted: 'error' },
        ignore: ['/health', '/internal/**', () => false],
        logHeaders: ['accept'],
        logQuery: true,
        logBody: { maxBytes: 1 },
        customFields: () => ({}),
      }),
    ).not.toThrow()
  })
})

it('refuses a logger of another kind, since a request could not begin in it', () => {
  for (const other of [undefined, null, 5, {}, console]) {
    expect(() => checkLogger('requestLogger(log)', other)).toThrow(
      /requestLogger\(log\): got \w+; accepted: a logger made by/,
    )
  }
  expect(() => checkLogger('requestLogger(log)', log)).not.toThrow()
})
