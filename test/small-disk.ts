import { execFileSync, spawnSync } from 'node:child_process'
import { afterAll } from 'vitest'

/** Mounts a disk of so many KiB on a folder, until the tests of this file are over; says why not where that is not allowed. */
export function mountSmall(folder: string, kibibytes: number): string | undefined {
  const args = ['-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder]
  const { status, error, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) return `no right to mount a small disk: ${error?.message ?? stderr.trim()}`
  afterAll(() => void execFileSync('umount', [folder]))
  return undefined
}
