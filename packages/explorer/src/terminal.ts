/** What the command touches of its process. */
export interface Terminal {
  readonly stdin: NodeJS.ReadStream
  readonly stdout: NodeJS.WriteStream
  readonly stderr: NodeJS.WriteStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Aborted by Ctrl-C and by SIGTERM. */
  readonly signal: AbortSignal
}
