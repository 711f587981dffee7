#!/usr/bin/env node
import { explore } from './index.js'

// Whatever is written, the database and its log too, is this user's alone.
process.umask(0o077)

const over = new AbortController()
let signalled: NodeJS.Signals | undefined
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(name, () => {
    signalled = name
    over.abort()
  })
}
const { stdin, stdout, stderr, env } = process
stdout.on('error', () => {})
stderr.on('error', () => {})

const status = await explore(process.argv.slice(2), { stdin, stdout, stderr, env, signal: over.signal })
// As a shell reports a program that died of it: 128 and the signal's number.
const statuses = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
process.exit(signalled === undefined ? status : statuses[signalled as keyof typeof statuses])
