/**
 * What runs in the worker thread of a transport. It stands on Node alone, so that the thread's source is a small text.
 *
 * @module @throughline/transport/thread
 */
export { encodeInThread } from './encode-in-thread.js'
export { type Entries, nanoseconds } from './entry.js'
