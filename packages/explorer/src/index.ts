/**
 * Search logs in a browser with LogQL: local files, or a Loki.
 *
 * @module @throughline/explorer
 */
export { explore } from './explore.js'
export { type Serving, serve } from './serve.js'
export type { Labels, LabelTable } from './store/columns.js'
export { LogStore, type StoredRecord } from './store/log-store.js'
export { openStore } from './store/open-store.js'
export type { Terminal } from './terminal.js'
