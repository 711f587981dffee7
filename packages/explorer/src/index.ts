/**
 * Search logs in a browser with LogQL: local files, or a Loki.
 *
 * @module @throughline/explorer
 */
export {}
