import { spawn } from 'node:child_process'
import { appendFileSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { line } from './shop.js'
import { bin, folderWith, until } from './throughline.js'

/** `throughline --follow`, and what it has shown so far. */
function following(...args: string[]) {
  const child = spawn(process.execPath, [bin, '--follow', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const state = { child, text: '', complaint: '', shown: () => state.text.match(/line-\d+/g) ?? [] }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    state.text += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    state.complaint += text
  })
  return state
}

const entry = (i: number) => line(i, 'INFO', 'api', `line-${i}`)
const numbers = (count: number) => Array.from({ length: count }, (_, i) => `line-${i + 1}`)

it('shows what is added, through renaming, cutting and creation, each line once', async () => {
  const path = join(folderWith(), 'api.log')
  const state = following(path)
  writeFileSync(path, entry(1))
  await until(() => state.shown().length === 1)
  appendFileSync(path, entry(2).slice(0, 30))
  appendFileSync(path, entry(2).slice(30))
  await until(() => state.shown().length === 2)

  // As logrotate does, with a writer that goes on with the old file for a while.
  renameSync(path, `${path}.1`)
  writeFileSync(path, '')
  appendFileSync(`${path}.1`, entry(3))
  appendFileSync(path, entry(4))
  await until(() => state.shown().length === 4)
  appendFileSync(path, entry(5))
  await until(() => state.shown().length === 5)

  // As logrotate's copytruncate does.
  truncateSync(path)
  await new Promise((resolve) => setTimeout(resolve, 500))
  appendFileSync(path, entry(6))
  await until(() => state.shown().length >= 6)
  expect(state.shown()).toEqual(numbers(6))
})

it('follows several files at once', async () => {
  const folder = folderWith({ 'a.log': entry(1), 'b.log': '' })
  const state = following('--grep', 'line', join(folder, 'a.log'), join(folder, 'b.log'))
  await until(() => state.shown().length === 1)
  appendFileSync(join(folder, 'b.log'), entry(2))
  await until(() => state.shown().length === 2)
  appendFileSync(join(folder, 'a.log'), entry(3))
  await until(() => state.shown().length === 3)
  expect(state.shown()).toEqual(numbers(3))
})

it('ends on SIGINT with the status of an interrupted program', async () => {
  const state = following(join(folderWith({ 'a.log': entry(1) }), 'a.log'))
  await until(() => state.shown().length === 1)
  const ended = new Promise((resolve) => state.child.on('close', (status, signal) => resolve({ status, signal })))
  state.child.kill('SIGINT')
  expect(await ended).toEqual({ status: 130, signal: null })
})

it('ends with the reader, though only one of its files has anything to say', async () => {
  const folder = folderWith({ 'a.log': entry(1), 'silent.log': '' })
  const state = following(join(folder, 'a.log'), join(folder, 'silent.log'))
  await until(() => state.shown().length === 1)
  const ended = new Promise((resolve) => state.child.on('close', resolve))
  state.child.stdout.destroy()
  const talk = setInterval(() => appendFileSync(join(folder, 'a.log'), entry(2)), 50)
  onTestFinished(() => clearInterval(talk))
  expect(await ended).toBe(0)
})

it('says which file it cannot read, and follows none of the others then', async () => {
  const folder = folderWith({ 'a.log': entry(1) })
  const state = following(join(folder, 'a.log'), join(folder, 'later.log'))
  await until(() => state.shown().length === 1)
  const ended = new Promise((resolve) => state.child.on('close', resolve))
  // Root may read any file; but nobody a link to itself.
  symlinkSync('later.log', join(folder, 'later.log'))
  expect(await ended).toBe(2)
  expect(state.complaint).toBe(
    `throughline: ${folder}/later.log: ELOOP: too many symbolic links encountered, open '${folder}/later.log'\n`,
  )
})
