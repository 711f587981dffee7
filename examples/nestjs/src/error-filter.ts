import { type ArgumentsHost, Catch, HttpException, InternalServerErrorException, Logger } from '@nestjs/common'
import { BaseExceptionFilter } from '@nestjs/core'
import { noteError } from '@throughline/express'

/** Nest answers errors itself, so the framework below never sees them: here the request's last line is told of them. */
@Catch()
export class ErrorFilter extends BaseExceptionFilter {
  readonly #log = new Logger(ErrorFilter.name)

  override catch(error: unknown, host: ArgumentsHost): void {
    if (!noteError(error)) this.#log.error('Request failed', error)
    // Nest would log an error that is none of its own once more.
    super.catch(error instanceof HttpException ? error : new InternalServerErrorException(), host)
  }
}
