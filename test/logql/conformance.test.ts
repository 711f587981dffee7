import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'logql-'))
  for (const name of ['lines.jsonl', 'answers-open.jsonl'])
    writeFileSync(join(folder, name), gunzipSync(readFileSync(join(import.meta.dirname, 'data', `${name}.gz`))))
})
afterAll(() => rmSync(folder, { recursive: true }))

function conformance(): { readonly status: number | null; readonly summary: string | undefined } {
  const program = join(import.meta.dirname, 'conformance.mjs')
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, folder], { encoding: 'utf8' })
  return { status, summary: (stdout + stderr).trimEnd().split('\n').at(-1) }
}

it("answers a real Loki's queries over HTTP as that Loki did", () => {
  expect(conformance()).toEqual({ status: 0, summary: '799 right, 0 refused as unsupported, 0 wrong' })
})

it('fails where an answer is wrong', () => {
  const wrong = { id: 'x', kind: 'query', query: '1 + 1', params: { time: '1' }, status: 200, compare: 'exact' }
  const result = { resultType: 'scalar', result: [1, '3'] }
  appendFileSync(join(folder, 'answers-open.jsonl'), `${JSON.stringify({ ...wrong, result })}\n`)
  expect(conformance()).toEqual({ status: 1, summary: '799 right, 0 refused as unsupported, 1 wrong' })
})
