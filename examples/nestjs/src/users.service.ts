import { Injectable, Logger, NotFoundException } from '@nestjs/common'
import { context } from 'throughline'

@Injectable()
export class UsersService {
  private readonly logger = new Logger(UsersService.name)

  async find(id: string): Promise<{ id: string; request_id: unknown }> {
    context.set({ user_id: id }) // on every later line of this request
    this.logger.log('Fetching user', { table: 'users' }) // with the request's ids
    if (id === '0') throw new NotFoundException()
    if (!/^\d+$/.test(id)) throw new TypeError('a user id is a number')
    return { id, request_id: context.get('request_id') }
  }
}
