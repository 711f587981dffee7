// Tries stdout() on this process's own standard output, which arrives in the file at argv[2]. Exit status 1, and the reason
// on standard error, where it breaks the contract.
import { readFileSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { testDestination } from '@throughline/testing'
import { stdout } from 'throughline'

const path = process.argv[2]

/** What was written has left this process; who reads the other end of a pipe may be behind. */
async function settled() {
  for (let size = -1; size !== statSync(path).size; await delay(200)) size = statSync(path).size
}

await testDestination(async () => {
  await settled()
  const { size } = statSync(path)
  return {
    destination: stdout(),
    async lines() {
      await settled()
      return readFileSync(path).subarray(size).toString().split('\n').slice(0, -1)
    },
  }
})
