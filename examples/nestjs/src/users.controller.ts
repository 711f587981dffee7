import { Controller, Get, Param } from '@nestjs/common'
import { UsersService } from './users.service.js'

@Controller('users')
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @Get(':id')
  find(@Param('id') id: string): Promise<object> {
    return this.users.find(id)
  }
}
