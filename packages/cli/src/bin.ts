#!/usr/bin/env node
import { Interrupt, processIo, run } from './index.js'

const interrupt = new Interrupt()
const onInterrupt = () => {
  // From then on, another Ctrl-C ends the process at once, as if nobody listened.
  if (interrupt.receive(performance.now())) process.off('SIGINT', onInterrupt)
}
process.on('SIGINT', onInterrupt)
// Where nobody reads the complaints, there is nobody to complain to.
process.stderr.on('error', () => {})

process.exitCode = await run(process.argv.slice(2), processIo(interrupt.signal, interrupt.readToEnd))
