/** The state of a destination that sends lines to a store, since it was made. */
export interface TransportHealth {
  /** `loki`, `otlp`. */
  readonly transport: string
  /** The store's address, without credentials. */
  readonly store: string
  /** Lines that the store has taken. */
  readonly stored: number
  /** Lines that the store refused for good. They are among the dropped ones, and in the dead letters where there is such a file. */
  readonly refused: number
  /** Lines that wait in memory. */
  readonly waiting: number
  /** Lines that wait in the spool, without those of a process that is gone and whose files were not read yet. */
  readonly spooled: number
  /** What the spool takes on disk, in bytes. */
  readonly spooledBytes: number
  /** Files of the spool that could not be read, so that nobody can count their lines. They are in its folder `damaged`. */
  readonly unreadableFiles: number
  /** What the store or the network answered when it last did not take lines; `undefined` when that never happened. */
  readonly lastError: string | undefined
  /** When that was (ISO 8601). */
  readonly lastErrorAt: string | undefined
}
