// Tries file() in a worker thread, where every line is written before its call returns. The path is the thread's data.
import { readFileSync, rmSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { testDestination } from '@throughline/testing'
import { file } from 'throughline'

await testDestination(() => ({
  destination: file(workerData),
  lines: () => readFileSync(workerData, 'utf8').split('\n').slice(0, -1),
  cleanUp: () => rmSync(workerData),
}))
