import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'throughline-explorer-'

/**
 * A folder that only this user may enter, gone when the process is, however it ends but for SIGKILL: what that leaves is
 * removed by the next one.
 */
export class TemporaryFolder {
  readonly path: string
  private readonly onExit = () => this.remove()

  /** @param parent The system's folder for temporary files by default. */
  constructor(parent = tmpdir()) {
    mkdirSync(parent, { recursive: true })
    sweep(parent)
    this.path = mkdtempSync(join(parent, `${PREFIX}${process.pid}-`))
    chmodSync(this.path, 0o700)
    process.on('exit', this.onExit)
  }

  /** A folder in it. */
  folder(name: string): string {
    const path = join(this.path, name)
    mkdirSync(path, { mode: 0o700, recursive: true })
    return path
  }

  remove(): void {
    process.off('exit', this.onExit)
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** Removes the folders of processes of this user that are no more. */
function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = Number(/^throughline-explorer-(\d+)-/.exec(name)?.[1])
    if (Number.isInteger(pid) && !isAlive(pid) && isOwn(join(parent, name)))
      rmSync(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function isOwn(path: string): boolean {
  const info = statSync(path, { throwIfNoEntry: false })
  return info?.isDirectory() === true && info.uid === (process.getuid?.() ?? info.uid)
}
