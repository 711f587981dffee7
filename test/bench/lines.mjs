/** What is logged. */

/** The fields of a completed request, of which two differ at each call. */
export const completed = (i) => ({
  method: i & 1 ? 'GET' : 'POST',
  path: `/users/${i}`,
  route: '/users/:id',
  status_code: 200,
  response_time_ms: (i % 1000) / 8,
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64)',
})

/** A child's bindings. */
export const FOUR = { table: 'users', shard: 3, region: 'eu-west-1', primary: true }

/** Ours puts the message first, pino and its like the fields. */
export const messageFirst = {
  plain: (log) => () => log.info('hello world'),
  field: (log) => (i) => log.info('hello world', { user_id: i }),
  six: (log) => (i) => log.info('Request completed', completed(i)),
}

export const fieldsFirst = {
  plain: messageFirst.plain,
  field: (log) => (i) => log.info({ user_id: i }, 'hello world'),
  six: (log) => (i) => log.info(completed(i), 'Request completed'),
}
