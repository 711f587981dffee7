import { log } from '../../../log.js'

export async function POST() {
  log.info('by the thread that encodes')
  await log.flush()
  log.info('by the last push')
  return new Response('logged')
}
