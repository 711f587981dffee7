import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { errorLogger, requestLogger } from '@throughline/express'
import { installGlobal } from '@throughline/undici'
import express from 'express'
import { context } from 'throughline'
import { answerErrors } from './answer-errors.ts'
import { teamLogger } from './logger.ts'
import { serve } from './serve.ts'
import { ask } from './upstream.ts'

const { API_URL = 'http://127.0.0.1:8082' } = process.env
const log = teamLogger('auth')
const sessions = new Map<string, string>()

installGlobal()

const app = express()
app.use(requestLogger(log, { ignore: '/healthz' }))
app.use(express.json())

app.get('/healthz', (_req, res) => {
  res.send('ok')
})

app.post('/login', async (req, res) => {
  const { user, password } = req.body
  context.set({ user_id: user })
  const account = await ask(`${API_URL}/accounts/${user}`, { headers: { 'x-user-id': user } })
  const { password: expected } = (await account.json()) as { readonly password?: string }
  if (expected === undefined || password !== expected) {
    // All of the body, without a thought: redaction keeps out what must not be here.
    log.warn('Login refused', { body: req.body })
    res.status(401).json({ error: 'unknown user or wrong password' })
    return
  }
  const token = randomUUID()
  sessions.set(token, user)
  log.info('Logged in')
  res.json({ token })
})

app.get('/session', (req, res) => {
  const user_id = sessions.get(req.get('authorization')?.replace('Bearer ', '') ?? '')
  if (user_id === undefined) {
    res.status(401).json({ error: 'no such session' })
    return
  }
  context.set({ user_id })
  res.json({ user_id })
})

app.use(errorLogger(log))
app.use(answerErrors)

serve(createServer(app), 8081, log)
