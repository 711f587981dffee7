import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { REQUEST_ID, shop, TRACE_ID } from './shop.js'
import { folderWith, throughline } from './throughline.js'

describe('throughline trace', () => {
  it.each([60, 80, 120])('shows a request as a tree with a waterfall, %i columns wide', async (columns) => {
    const cwd = folderWith(shop)
    const env = { COLUMNS: String(columns) }
    const { stdout, stderr, status } = await throughline(['trace', REQUEST_ID, '*.log'], { cwd, env })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const chart = stdout.split('2024-01-22')[0] ?? ''
    expect(Math.max(...chart.split('\n').map((row) => [...row].length))).toBeLessThanOrEqual(columns)
    await expect(stdout).toMatchFileSnapshot(`golden/trace-${columns}.txt`)
  })

  it('tells the same by the trace id, from standard input, in any order and compressed', async () => {
    const cwd = folderWith({
      'b.gz': gzipSync(shop['billing.log'] ?? ''),
      'a.log': (shop['api.log'] ?? '') + shop['gateway.log'],
    })
    const byRequest = await throughline(['trace', REQUEST_ID, 'b.gz', 'a.log'], { cwd })
    const byTrace = await throughline(['trace', TRACE_ID, '-', 'a.log'], {
      cwd,
      input: gzipSync(shop['billing.log'] ?? ''),
    })
    const lines = (text: string) => text.slice(text.indexOf('2024-01-22'))
    expect(byRequest.stdout).toContain('3 services, 4 hops, 9 lines')
    expect(lines(byTrace.stdout)).toBe(lines(byRequest.stdout))
  })

  it('finds lines that a container runtime has split', async () => {
    const cri = (text: string) => {
      const parts = text.match(/[^\n]{1,90}\n?/g) ?? []
      return parts
        .map((part) => `2024-01-22T10:15:23.1Z stdout ${part.endsWith('\n') ? 'F' : 'P'} ${part.trimEnd()}\n`)
        .join('')
    }
    const jsonFile = (text: string) =>
      (text.match(/[^\n]{1,90}\n?/g) ?? [])
        .map((log) => `${JSON.stringify({ log, stream: 'stdout', time: '2024-01-22T10:15:23.1Z' })}\n`)
        .join('')
    const cwd = folderWith({
      'gateway.log': cri(shop['gateway.log'] ?? ''),
      'api.log': jsonFile(shop['api.log'] ?? ''),
      'billing.log': (shop['billing.log'] ?? '').replace(/^(?=.)/gm, 'billing-1  | '),
    })
    const plain = await throughline(['trace', REQUEST_ID, '*.log'], { cwd: folderWith(shop) })
    expect(await throughline(['trace', REQUEST_ID, '*.log'], { cwd })).toEqual(plain)
  })

  it('does not take a longer id for the one asked for, and says with its status that there is none', async () => {
    const cwd = folderWith(shop)
    const { status, stdout, stderr } = await throughline(['trace', 'req-123', '*.log'], { cwd })
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr: 'throughline: no line has the id "req-123"\n',
    })
  })

  it('finds a request whose lines are megabytes apart', async () => {
    const filler = `${JSON.stringify({ message: 'x'.repeat(1000) })}\n`.repeat(2500)
    const api = (shop['api.log'] ?? '').split('\n').join(`\n${filler}`)
    const { stdout } = await throughline(['trace', REQUEST_ID, 'api.log'], { cwd: folderWith({ 'api.log': api }) })
    expect(stdout).toContain('1 service, 1 hop, 4 lines')
  })
})
