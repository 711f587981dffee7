import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeCrypto } from '../../node-crypto.js'
import { type Owner, stateOf, thisOwner } from '../owner.js'

/** Which process writes to a file. */
interface Claim {
  /** When the file was begun, in milliseconds since 1970. */
  readonly begun: number
  /** Undefined when it has closed the file. */
  readonly owner?: Owner
}

/** What is known about the process that writes to a file; `unknown` where it may be on another machine. */
export type ClaimState = 'none' | 'free' | 'alive' | 'unknown'

/**
 * Which process writes to which file of a log, so that no process appends to, compresses or removes a file that another one
 * writes to. A claim is a hidden file beside the log (`.app.log.<inode>`): by the inode, since a file may be renamed by
 * another process than its writer.
 */
export class Claims {
  private readonly us = thisOwner()

  /** @param base The log's name: `app.log`. */
  constructor(
    private readonly folder: string,
    private readonly base: string,
  ) {}

  /** The hidden file of an inode: its claim, or with a suffix what else belongs to it. */
  path(inode: bigint, suffix = ''): string {
    return join(this.folder, `.${this.base}.${inode}${suffix}`)
  }

  /** The claim as it is on disk. */
  text(inode: bigint): string | undefined {
    return textOf(this.path(inode))
  }

  state(inode: bigint): ClaimState {
    const text = this.text(inode)
    return text === undefined ? 'none' : this.stateIn(text)
  }

  /** When a file was begun, if that is on record. */
  begun(inode: bigint): number | undefined {
    const text = this.text(inode)
    return text === undefined ? undefined : parse(text)?.begun
  }

  /** Claims a file that this process has created. */
  put(inode: bigint, begun: number): void {
    this.write(inode, { begun, owner: this.us })
  }

  /** Gives up a file: any process may take it. */
  free(inode: bigint, begun: number): void {
    this.write(inode, { begun })
  }

  /**
   * Takes over the claim of a process that is dead or has closed the file. Of several processes that try at the same time, one
   * gets it.
   *
   * @param isQuiet Takes it also where the writer is unknown.
   * @returns when the file was begun; undefined when the claim is another's.
   */
  take(inode: bigint, isQuiet = false): number | undefined {
    const path = this.path(inode)
    const text = textOf(path)
    if (text === undefined) return isQuiet ? this.takeUnclaimed(path) : undefined
    const state = this.stateIn(text)
    if (state === 'alive' || (state === 'unknown' && !isQuiet)) return undefined
    const taken = this.path(inode, `.${nodeCrypto().randomBytes(3).toString('hex')}`)
    try {
      renameSync(path, taken)
    } catch {
      return undefined
    }
    if (textOf(taken) !== text) {
      // Another process has taken it meanwhile, and this is its claim.
      renameSync(taken, path)
      return undefined
    }
    const begun = parse(text)?.begun ?? 0
    this.put(inode, begun)
    unlinkSync(taken)
    return begun
  }

  /** Removes our claim of a file that was begun then. The system may have given the inode to a new file, whose claim stays. */
  remove(inode: bigint, begun: number): void {
    const path = this.path(inode)
    const text = textOf(path)
    if (text !== undefined && parse(text)?.begun === begun) unlinkSync(path)
  }

  private write(inode: bigint, claim: Claim): void {
    try {
      writeFileSync(this.path(inode), JSON.stringify(claim), { mode: 0o600 })
    } catch {
      // A full disk, or a folder that is gone. Without a claim nobody touches the file for a day.
    }
  }

  private takeUnclaimed(path: string): number | undefined {
    try {
      writeFileSync(path, JSON.stringify({ begun: 0, owner: this.us } satisfies Claim), { mode: 0o600, flag: 'wx' })
      return 0
    } catch {
      return undefined
    }
  }

  private stateIn(text: string): ClaimState {
    const claim = parse(text)
    // Another process is about to write it.
    if (claim === undefined) return 'unknown'
    if (claim.owner === undefined) return 'free'
    const state = stateOf(claim.owner, this.us)
    return state === 'dead' ? 'free' : state
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string): Claim | undefined {
  try {
    return JSON.parse(text) as Claim
  } catch {
    return undefined
  }
}
