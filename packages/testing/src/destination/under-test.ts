import type { Destination } from 'throughline'

/** A destination to be tested, and a way to see what it has written. */
export interface DestinationUnderTest {
  /** The destination, new and empty. */
  readonly destination: Destination
  /** The lines that arrived where the destination writes to, without their newlines, in the order they came in. */
  lines(): readonly string[] | Promise<readonly string[]>
  /** Lets go of what the test needed: a server, a folder. Called after each check. */
  cleanUp?(): void | Promise<void>
}

/** What the destination cannot do, for a good reason. */
export interface TestDestinationOptions {
  /** `false` for a destination that cannot write before `flushSync` returns, since it is on the network. */
  readonly flushesSync?: boolean
  /** `false` where lines may come in another order than they were written in. */
  readonly keepsOrder?: boolean
  /** The longest line that it takes; 200,000 by default. Lines of a logger have at most 16 KiB, unless it says otherwise. */
  readonly longestLineBytes?: number
  /** How long each rule's check may take before it counts as broken, in milliseconds; 30,000 by default. */
  readonly timeoutMs?: number
}
