import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Which process a file or a folder belongs to, as its lock says. */
export interface Owner {
  readonly pid: number
  readonly host: string
  /** When the process was started, in the kernel's ticks: a number of a process is given again. Linux only. */
  readonly started: string | undefined
  /** Which run of which machine: the ticks and numbers mean nothing in another. Linux only. */
  readonly boot: string | undefined
  /** Process numbers of one container mean nothing in another. Linux only. */
  readonly pidNamespace: string | undefined
}

/** The states of what runs no more: a zombie, and what is being removed. */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X', 'x'])

export function thisOwner(): Owner {
  return {
    pid: process.pid,
    host: hostname(),
    started: startOf('self'),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
  }
}

/** Whether an owner is alive; `unknown` where that cannot be seen from here: another container, another machine. */
export function stateOf(owner: Owner, us: Owner): 'alive' | 'dead' | 'unknown' {
  if (us.boot !== undefined && us.started !== undefined && us.pidNamespace !== undefined) {
    if (owner.boot !== us.boot || owner.pidNamespace !== us.pidNamespace) return 'unknown'
    return startOf(String(owner.pid)) === owner.started ? 'alive' : 'dead'
  }
  if (process.platform === 'linux' || owner.host !== us.host) return 'unknown'
  // Without its start there is no telling whether the number was given again: then its lease decides.
  return isRunning(owner.pid) ? 'unknown' : 'dead'
}

function startOf(pid: string): string | undefined {
  // Fields 3 and 22 of proc(5) stat; the second, the name, may hold spaces and brackets.
  return attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // A zombie is dead. It stays where nobody collects its exit status, as under a program that is process 1 of a container.
    return ENDED.has(fields[0] as string) ? undefined : fields[19]
  })
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
