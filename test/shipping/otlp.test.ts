import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { otlp } from '@throughline/otlp'
import { context, createLogger } from 'throughline'
import { describe, expect, it } from 'vitest'

/** OpenTelemetry's own definitions, as its exporters are generated from them. */
const definitions = createRequire(import.meta.url)('@opentelemetry/otlp-transformer/build/src/generated/root')
const { ExportLogsServiceRequest: request, ExportLogsServiceResponse: response } =
  definitions.opentelemetry.proto.collector.logs.v1

/** A collector on loopback that decodes with OpenTelemetry's own definitions. */
async function collector(answer: () => Uint8Array = () => new Uint8Array()) {
  const requests: { readonly path: string; readonly headers: IncomingMessage['headers']; readonly message: object }[] =
    []
  const server = createServer(async (incoming, outgoing) => {
    const bytes = await buffer(incoming)
    const body = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
    const isJson = incoming.headers['content-type'] === 'application/json'
    const message = isJson ? fromJson(JSON.parse(body.toString())) : request.decode(body)
    const options = { longs: String, bytes: String, enums: Number }
    requests.push({ path: incoming.url ?? '', headers: incoming.headers, message: request.toObject(message, options) })
    outgoing.writeHead(200, { 'content-type': 'application/x-protobuf' }).end(answer())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    requests,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** OTLP's JSON differs from protobuf's in its ids, which are hexadecimal. */
function fromJson(value: object): object {
  const text = JSON.stringify(value, (key, inner: unknown) =>
    key === 'traceId' || key === 'spanId' ? Buffer.from(String(inner), 'hex').toString('base64') : inner,
  )
  const problem = request.verify(JSON.parse(text))
  // `verify` knows 64-bit integers as numbers alone; `fromObject` takes their texts.
  if (problem !== null && !/integer\|Long expected|fixed64|int64/.test(problem)) throw new Error(problem)
  return request.fromObject(JSON.parse(text))
}

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64')

describe.each(['http/protobuf', 'http/json'] as const)('%s', (protocol) => {
  it('is read by the definitions as the log data model has it', async () => {
    await using server = await collector()
    const env = {
      OTEL_RESOURCE_ATTRIBUTES: 'team=shop%20floor,a%2Cb=%3D,service.name=not-this',
      OTEL_SERVICE_NAME: 'api',
    }
    const log = createLogger({
      env: { ...env, SERVICE_VERSION: '1.2.3', POD_NAME: 'api-0' },
      level: 'trace',
      destination: otlp({ url: `${server.url}/v1/logs`, protocol, env }),
    })
    context.run({ request_id: 'req-1', trace_id: TRACE, span_id: SPAN }, () => {
      log.child({}, { name: 'db' }).warn('slow query', {
        ms: 1.5,
        rows: 12,
        big: Number.MAX_SAFE_INTEGER,
        deep: { list: [1, 'a', null, true] },
        text: 'ä 🎉',
      })
    })
    const levels = ['trace', 'debug', 'info', 'error', 'fatal', 'audit'] as const
    for (const level of levels) log[level](level)
    await log.close()

    const { path, message } = server.requests[0] as (typeof server.requests)[number]
    expect(path).toBe('/v1/logs')
    expect(message).toMatchObject({
      resourceLogs: [
        {
          resource: {
            attributes: expect.arrayContaining([
              { key: 'service.name', value: { stringValue: 'api' } },
              { key: 'service.version', value: { stringValue: '1.2.3' } },
              { key: 'k8s.pod.name', value: { stringValue: 'api-0' } },
              { key: 'team', value: { stringValue: 'shop floor' } },
              { key: 'a,b', value: { stringValue: '=' } },
            ]),
          },
          scopeLogs: [
            {
              scope: { name: 'db' },
              logRecords: [
                {
                  timeUnixNano: expect.stringMatching(/^\d{19}$/),
                  observedTimeUnixNano: expect.stringMatching(/^\d{19}$/),
                  severityNumber: 13,
                  severityText: 'WARN',
                  body: { stringValue: 'slow query' },
                  traceId: base64(TRACE),
                  spanId: base64(SPAN),
                  attributes: expect.arrayContaining([
                    { key: 'request_id', value: { stringValue: 'req-1' } },
                    { key: 'ms', value: { doubleValue: 1.5 } },
                    { key: 'rows', value: { intValue: '12' } },
                    { key: 'big', value: { intValue: '9007199254740991' } },
                    { key: 'text', value: { stringValue: 'ä 🎉' } },
                    {
                      key: 'deep',
                      value: {
                        kvlistValue: {
                          values: [
                            {
                              key: 'list',
                              value: {
                                arrayValue: {
                                  values: [{ intValue: '1' }, { stringValue: 'a' }, {}, { boolValue: true }],
                                },
                              },
                            },
                          ],
                        },
                      },
                    },
                  ]),
                },
              ],
            },
            { logRecords: [1, 5, 9, 17, 21, 9].map((severityNumber) => ({ severityNumber })) },
          ],
        },
      ],
    })
  })
})

it('takes the address, the headers, the time-out and the protocol from the environment', async () => {
  await using server = await collector()
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${server.url}/otel/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'api%2Dkey=se%20cret,x=1',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'X=2',
    OTEL_EXPORTER_OTLP_TIMEOUT: '2000',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  }
  const log = createLogger({ service: 'a', env: {}, destination: otlp({ env }) })
  log.info('hello')
  await log.close()
  expect(server.requests[0]).toMatchObject({
    path: '/otel/v1/logs',
    headers: { 'api-key': 'se cret', x: '2', 'content-type': 'application/json' },
  })
})

it.each([
  [{}, 'gzip'],
  [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'none' }, undefined],
  [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'none', OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'gzip' }, 'gzip'],
])('compresses as the environment says: %j', async (env, encoding) => {
  await using server = await collector()
  const settings = {
    ...env,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: server.url,
  }
  const log = createLogger({ service: 'a', env: {}, destination: otlp({ env: settings }) })
  log.info('hello')
  await log.close()
  const [{ path, headers } = {}] = server.requests
  // The address for logs alone is the whole of it.
  expect([path, headers?.['content-encoding']]).toEqual(['/', encoding])
})

it('says each attribute once, where a field has the name that another is given', async () => {
  await using server = await collector()
  const destination = otlp({ url: server.url, env: {} })
  destination.write('{"message":"x","http.request.method":"PUT","method":"GET"}\n', 30)
  await destination.close()
  expect(server.requests[0]?.message).toMatchObject({
    resourceLogs: [
      {
        scopeLogs: [{ logRecords: [{ attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }] }] }],
      },
    ],
  })
})

it('counts what a partial success rejects, and does not send it again', async () => {
  const partialSuccess = { rejectedLogRecords: 2, errorMessage: 'too old' }
  await using server = await collector(() => response.encode(response.fromObject({ partialSuccess })).finish())
  const log = createLogger({ service: 'a', env: {}, destination: otlp({ url: `${server.url}/v1/logs`, env: {} }) })
  for (let n = 0; n < 5; n++) log.info('hello', { n })
  await log.flush()
  expect(log.stats().droppedByLevel).toMatchObject({ INFO: 2 })
  await log.close()
  const numbers = JSON.stringify(server.requests).match(/"key":"n"/g)
  expect(numbers).toHaveLength(5)
})

it.each([
  [{ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'nowhere' } }, /OTEL_EXPORTER_OTLP_ENDPOINT.*no URL/],
  [{ env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' } }, /OTEL_EXPORTER_OTLP_PROTOCOL.*http\/protobuf/],
  [{ env: { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' } }, /OTEL_EXPORTER_OTLP_TIMEOUT/],
  [{ env: { OTEL_EXPORTER_OTLP_LOGS_TIMEOUT: '-1' } }, /OTEL_EXPORTER_OTLP_LOGS_TIMEOUT.*got -1/],
  [{ env: { OTEL_EXPORTER_OTLP_LOGS_COMPRESSION: 'zstd' } }, /OTEL_EXPORTER_OTLP_LOGS_COMPRESSION.*'gzip' or 'none'/],
  [{ env: { OTEL_EXPORTER_OTLP_HEADERS: 'a=%E8%AA%9E' } }, /OTEL_EXPORTER_OTLP_HEADERS: "a".*U\+00FF/],
  [{ env: {}, colour: 1 }, /unknown option "colour"/],
])('refuses %j when it is made', (options, message) => {
  expect(() => otlp(options as object)).toThrow(message)
})
