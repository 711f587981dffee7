import 'reflect-metadata'
import type { AddressInfo } from 'node:net'
import type { INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import * as express from '@throughline/express'
import { fastifyOptions, requestLogger } from '@throughline/fastify'
import { createLogger } from 'throughline'
import { AppModule } from './app.module.js'
import { NestLogger } from './nest-logger.js'

const log = createLogger({ service: 'nestjs-example' })
const logger = new NestLogger(log)

async function onExpress(): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger })
  app.use(express.requestLogger(log)) // before `listen`, which adds the body parsers and the routes
  return app
}

async function onFastify(): Promise<INestApplication> {
  const adapter = new FastifyAdapter(fastifyOptions(log))
  await adapter.getInstance().register(requestLogger) // before `create`, so that Nest's middleware runs in the request's context too
  return NestFactory.create(AppModule, adapter, { logger })
}

const app = await (process.argv[2] === 'fastify' ? onFastify() : onExpress())
// Nest would send the signal to itself again, and whether that or the end of all work comes first is chance.
app.enableShutdownHooks([], { useProcessExit: true })
await app.listen(Number(process.env.PORT ?? 3000))
log.info('Listening', { port: (app.getHttpServer().address() as AddressInfo).port })
