import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { DEFAULT_GROUPS, DEFAULT_NAMES } from './default-names.js'
import { DETECTOR_NAMES } from './detect/detector.js'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/reference/redaction.md'), 'utf8')

it('the page on redaction lists every default name in its group, with a reason, and every detector', () => {
  for (const [group, names] of Object.entries(DEFAULT_GROUPS)) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${group.replaceAll('_', ' ')} |`)) ?? ''
    const [, , listed = '', reason = ''] = row.split('|')
    expect(listed.match(/`[^`]+`/g)).toEqual(names.map((name) => `\`${name}\``))
    expect(reason.trim().length).toBeGreaterThan(20)
  }
  for (const name of DETECTOR_NAMES) expect(page).toContain(`| \`${name}\` |`)
})

it('no default name is listed twice', () => {
  expect(new Set(DEFAULT_NAMES).size).toBe(DEFAULT_NAMES.length)
})
