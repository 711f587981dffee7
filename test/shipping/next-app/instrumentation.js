export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { log } = await import('./log.js')
  log.info('from the instrumentation hook')
}
