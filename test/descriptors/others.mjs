// Logs a long line beside a child or a thread that may write to its standard output, or may not: `node others.mjs <others> <path>`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createLogger, file, stdout } from 'throughline'

const [others, path] = process.argv.slice(2)
const log = createLogger({ service: 'others', destination: stdout() })
const cases = {
  piped: () => once(spawn('true'), 'exit'),
  inherited: () => once(spawn('true', { stdio: 'inherit' }), 'exit'),
  thread: () => once(new Worker('', { eval: true }), 'exit'),
  async compressing() {
    const rotated = file(path, { policy: 'line', rotate: { size: 10, compress: 'gzip' } })
    for (let n = 0; n < 3; n++) rotated.write('{"line":"long enough"}\n', 30)
    await rotated.close()
  },
}
await cases[others]()
log.info('line', { pad: 'x'.repeat(10_000) })
