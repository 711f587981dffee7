/** What the command's exit status says; `--help` and docs/reference/cli.md have the same table. */
export const ExitStatus = {
  /** Done, and nothing to complain of. */
  ok: 0,
  /** `trace`: nothing was found. `verify`: something is missing. `doctor`: something was found. */
  found: 1,
  /** The arguments cannot be used, or a file cannot be read. */
  unusable: 2,
  /** `verify`: no line is numbered, so that nothing can be proven. */
  unproven: 3,
  /** Ctrl-C: 128 and the number of SIGINT, as a shell reports a program that died of it. */
  interrupted: 130,
} as const

export type ExitStatus = (typeof ExitStatus)[keyof typeof ExitStatus]
