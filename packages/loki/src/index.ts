/**
 * Ships lines to Grafana Loki.
 *
 * @module @throughline/loki
 */
export type { NameTable } from './labels.js'
export { loki } from './loki.js'
export type { LokiOptions } from './options.js'
