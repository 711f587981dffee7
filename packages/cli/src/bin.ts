#!/usr/bin/env node
import { processIo, run } from './index.js'

const interrupt = new AbortController()
// Once: a second Ctrl-C ends the process at once, as if nobody listened.
process.once('SIGINT', () => interrupt.abort())
// Where nobody reads the complaints, there is nobody to complain to.
process.stderr.on('error', () => {})

process.exitCode = await run(process.argv.slice(2), processIo(interrupt.signal))
