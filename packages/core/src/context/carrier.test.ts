import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../../test-support/runs.js'
import { context } from './context.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const traceparent = `00-${TRACE}-${SPAN}-01`

describe('inject', () => {
  it('writes the ids of the context into an object', () => {
    const carrier = context.run({ request_id: 'r-1', trace_id: TRACE, span_id: SPAN }, () => context.inject({}))
    expect(carrier).toEqual({ 'x-request-id': 'r-1', traceparent: `00-${TRACE}-${SPAN}-00` })
  })

  it('writes into what has get and set', () => {
    const headers = context.run({ request_id: 'r-1' }, () => context.inject(new Headers()))
    expect([...headers]).toEqual([['x-request-id', 'r-1']])
  })

  it('keeps the spelling that the carrier has, so that no name stands twice', () => {
    const carrier = context.run({ request_id: 'new' }, () => context.inject({ 'X-Request-ID': 'old' }))
    expect(carrier).toEqual({ 'X-Request-ID': 'new' })
  })

  it('writes nothing outside a context, nor ids that the header cannot carry', () => {
    expect(context.inject({})).toEqual({})
    expect(context.run({ trace_id: 'x', span_id: 'y\r\nz' }, () => context.inject({}))).toEqual({})
  })

  it('leaves a carrier as it is that cannot be written to', () => {
    const carrier = Object.freeze({})
    expect(context.run({ request_id: 'r-1' }, () => context.inject(carrier))).toBe(carrier)
  })
})

describe('extract', () => {
  it('continues a trace with a span of its own, and passes flags and state on', () => {
    const fields = context.extract({ 'X-Request-ID': 'r-1', Traceparent: traceparent, tracestate: 'rojo=1' })
    expect(fields).toMatchObject({ request_id: 'r-1', trace_id: TRACE, parent_span_id: SPAN })
    expect(fields.span_id).toMatch(/^[0-9a-f]{16}$/)
    expect(fields.span_id).not.toBe(SPAN)
    expect(context.run({ ...fields, job_id: 7 }, () => context.inject({}))).toEqual({
      'x-request-id': 'r-1',
      traceparent: `00-${TRACE}-${fields.span_id}-01`,
      tracestate: 'rojo=1',
    })
  })

  it('shows neither flags nor state among the fields', () => {
    const fields = context.extract({ traceparent, tracestate: 'rojo=1' })
    expect(Object.keys(fields)).toEqual(['trace_id', 'span_id', 'parent_span_id'])
  })

  it('passes the details on through contexts within, but not to another trace', () => {
    const other = 'f'.repeat(32)
    context.run(context.extract({ traceparent, tracestate: 'rojo=1' }), () => {
      context.run({ user_id: 1 }, () => {
        expect(context.inject({})).toMatchObject({ tracestate: 'rojo=1' })
      })
      context.run({ trace_id: other, span_id: SPAN }, () => {
        expect(context.inject({})).toEqual({ traceparent: `00-${other}-${SPAN}-00` })
      })
    })
  })

  it('reads bytes, as Kafka clients give them, and several tracestate headers', () => {
    const fields = context.extract({
      'x-request-id': Buffer.from('r-1'),
      traceparent: Buffer.from(traceparent),
      tracestate: ['rojo=1', 'congo=2'],
    })
    expect(context.run(fields, () => context.inject({}))).toMatchObject({
      'x-request-id': 'r-1',
      tracestate: 'rojo=1,congo=2',
    })
  })

  it.each([
    ['too_long', 'a'.repeat(129)],
    ['characters', 'a b'],
    ['characters', 'a\n{"level":"INFO"}'],
    ['characters', 'ä'],
    ['empty', ''],
    ['repeated', ['a', 'b']],
  ])('replaces a request id and says why: %s', (reason, id) => {
    const fields = context.extract({ 'x-request-id': id })
    expect(fields.request_id_rejected).toBe(reason)
    expect(fields.request_id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('adopts a trace that no tracer has decided about, and passes it on as such', () => {
    const fields = context.extract({ 'Throughline-Trace': Buffer.from(`${TRACE}-${SPAN}`), tracestate: 'rojo=1' })
    expect(fields).toMatchObject({ trace_id: TRACE, parent_span_id: SPAN })
    expect(context.run(fields, () => context.inject({}))).toEqual({ 'throughline-trace': `${TRACE}-${fields.span_id}` })
  })

  it('lets a traceparent win over it', () => {
    const own = `${'a'.repeat(32)}-${'b'.repeat(16)}`
    expect(context.extract({ traceparent, 'throughline-trace': own })).toMatchObject({ trace_id: TRACE })
    expect(context.extract({ traceparent: 'broken', 'throughline-trace': own })).toMatchObject({
      trace_id: 'a'.repeat(32),
    })
  })

  it.each([
    `${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `${TRACE.toUpperCase()}-${SPAN}`,
    `${'0'.repeat(32)}-${SPAN}`,
    `${TRACE}-${'0'.repeat(16)}`,
    `${TRACE}-${SPAN}\n{"level":"INFO"}`,
    '',
    [`${TRACE}-${SPAN}`, `${TRACE}-${SPAN}`],
  ])('leaves out one that is not of its form: %j', (own) => {
    expect(context.extract({ 'throughline-trace': own })).toEqual({})
  })

  it('leaves out a broken traceparent and the tracestate with it', () => {
    expect(context.extract({ traceparent: `${traceparent}0`, tracestate: 'rojo=1' })).toEqual({})
    expect(context.extract({ traceparent: [traceparent, traceparent] })).toEqual({})
  })

  it('takes anything for a carrier', () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('no')
        },
        ownKeys() {
          throw new Error('no')
        },
        getOwnPropertyDescriptor() {
          throw new Error('no')
        },
      },
    )
    for (const carrier of [undefined, null, 'text', 5, hostile, [], new Map([['x-request-id', 4]])]) {
      expect(context.extract(carrier as never)).toEqual({})
    }
  })
})

it('reads whatever a message carries without a throw, and gives ids that the rules take', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 150 }),
    fc.string({ unit: fc.constantFrom(...'AZaz09._+/=@:-'), minLength: 1, maxLength: 140 }),
    fc.constant('00-12345678901234567890123456789012-1234567890123456-01'),
    fc.constant('12345678901234567890123456789012-1234567890123456'),
  )
  const value = fc.oneof(text, fc.uint8Array(), fc.array(text, { maxLength: 3 }), fc.anything())
  const name = fc.constantFrom(
    'throughline-trace',
    'x-request-id',
    'X-Request-Id',
    'traceparent',
    'TraceParent',
    'tracestate',
    '__proto__',
  )
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(name, value), fc.anything()), (carrier) => {
      const { request_id, trace_id, parent_span_id } = context.extract(carrier as never)
      if (request_id !== undefined) expect(request_id).toMatch(/^[A-Za-z0-9._+/=@:-]{1,128}$/)
      if (trace_id !== undefined) expect(trace_id).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
      if (parent_span_id !== undefined) expect(parent_span_id).toMatch(/^(?!0{16})[0-9a-f]{16}$/)
    }),
    { numRuns: runs(5_000) },
  )
})
