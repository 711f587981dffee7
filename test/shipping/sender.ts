import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import { ended, start } from '../child.js'
import type { LokiServer } from './loki-server.js'

const path = join(import.meta.dirname, 'killed.mjs')

export interface Sending {
  readonly url: string
  /** The spool's. */
  readonly dir: string
  /** The number of its first line. */
  readonly first?: number
  /** How many it logs; without end by default. */
  readonly lines?: number
  readonly fsync?: 'always' | 'interval' | 'never'
}

/** A process that ships through a spool until it is killed. */
export class Sender {
  private output = ''
  private readonly child: ChildProcess
  private readonly ready: Promise<void>

  constructor({ url, dir, first = 0, lines = 1_000_000, fsync = 'always' }: Sending) {
    const args = [url, dir, String(first), String(lines), fsync]
    this.child = start({ path, args }, ['ignore', 'pipe', 'inherit'])
    this.ready = new Promise((resolve) => {
      ;(this.child.stdout as Socket).setEncoding('utf8').on('data', (text: string) => {
        this.output += text
        resolve()
      })
    })
  }

  /** The lines that it was promised to be safe. */
  get acknowledged(): number[] {
    // The last number may have been cut by the kill; one that is whole was acknowledged.
    const whole = this.output.slice(0, this.output.lastIndexOf('\n') + 1)
    return whole
      .split('\n')
      .filter((line) => /^\d+$/.test(line))
      .map(Number)
  }

  /** Kills it so many milliseconds after it is ready. */
  async kill(afterMs = 0): Promise<void> {
    const over = ended(this.child)
    await Promise.race([this.ready, over])
    await setTimeout(afterMs)
    this.child.kill('SIGKILL')
    expect(await over).toMatchObject({ signal: 'SIGKILL' })
  }
}

/** The lines that a store does not have, once it has them all or has been given the time to. */
export async function missingIn(server: LokiServer, lines: readonly number[]): Promise<readonly number[]> {
  let missing: readonly number[] = []
  for (let i = 0; i < 1_000; i++) {
    const stored = new Set(server.records().map(({ n }) => n))
    missing = lines.filter((n) => !stored.has(n))
    if (missing.length === 0) break
    await setTimeout(100)
  }
  return missing
}
