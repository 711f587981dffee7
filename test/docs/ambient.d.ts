// Names that a snippet may use without making them: what the page around it has made.

import type { LoggerService } from '@nestjs/common'
import type { Express } from 'express'
import type { Logger } from 'throughline'

declare global {
  const log: Logger
  const app: Express
  const error: Error
  const AppModule: new () => object
  const NestLogger: new (log: Logger) => LoggerService
  const user_id: string
  const apm: { readonly currentTraceIds: Readonly<Record<string, string>> }
  const request_id: string
}
