export type { NameTable } from './labels.js'
export { loki } from './loki.js'
export type { LokiOptions } from './options.js'
