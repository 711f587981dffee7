import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A real Node that a test can start. */
export type NodeBinary = {
  /** As the binary reports it, without the `v`. */
  readonly version: string
  readonly path: string
}

/** The lines of Node that the packages support; each is an optional dependency `node-<line>` of test/package.json. */
export const supportedLines = [20, 22, 24, 26] as const

/** Why {@link nodeBinaries} is empty here; `undefined` where it must not be. The binaries are those of Linux on x64. */
export const noNodeBinaries =
  process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `no Node binaries for ${process.platform} ${process.arch} among the dependencies`

/** The Node binaries that are installed, oldest first. */
export const nodeBinaries: readonly NodeBinary[] = noNodeBinaries
  ? []
  : supportedLines.flatMap((line) => {
      const folder = join(import.meta.dirname, 'node_modules', `node-${line}`)
      if (!existsSync(folder)) return []
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
      return [{ version, path: join(folder, 'bin', 'node') }]
    })
