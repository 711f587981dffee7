/**
 * How the threads are started: from a source, since a bundle has no file for them, and without what the process was told to
 * load first, by its own flags or by NODE_OPTIONS. An instrumentation has no business in a thread that ships logs, and the
 * one at the end of the process has no time for it.
 */
export function threadOptions() {
  return { eval: true, execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } }
}
