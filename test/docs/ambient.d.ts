// Names that a snippet may use without making them: what the page around it has made.
import type { Express } from 'express'
import type { Logger } from 'throughline'

declare global {
  const log: Logger
  const app: Express
  const error: Error
  const user_id: string
  const request_id: string
}
