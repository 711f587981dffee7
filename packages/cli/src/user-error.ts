/** Something that whoever typed the command can put right: told in one line, without a stack, with exit status 2. */
export class UserError extends Error {
  override readonly name = 'UserError'
}
