/** Something that whoever typed the command can put right: told in one line, without a stack, with exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** The error for something that has a name: with the name for an error of the operating system (EACCES), else unchanged. */
export function told(name: string, error: unknown): unknown {
  const isSystem = /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')
  return isSystem ? new UserError(`${name}: ${(error as Error).message}`, { cause: error }) : error
}
