/** Something that whoever typed the command can put right: told in one line, without a stack, with exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}

/** What went wrong with something that has a name: told of it where the operating system says so (EACCES), else as it is. */
export function told(name: string, error: unknown): unknown {
  const isSystem = /^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')
  return isSystem ? new UserError(`${name}: ${(error as Error).message}`, { cause: error }) : error
}
