/** The logger writes these itself; a field of such a name is kept under `field_<name>`. */
export const RESERVED: readonly string[] = [
  ...['timestamp', 'level', 'message', 'service', 'logger', 'log_type'],
  ...['sample_rate', 'truncated', 'boot_id', 'seq'],
]
/** The ids of the request: the context's stand on the line; a field that differs is kept under `field_<name>`. */
export const CORRELATION: readonly string[] = ['request_id', 'trace_id', 'span_id', 'parent_span_id']

/** The field that says that a call's fields could not be read. */
export const FAILURE = 'logging_error'

/** Fields that people search by: truncated last of all. */
export const UNCUT = [...RESERVED.filter((name) => name !== 'message'), ...CORRELATION]

/** Whether a field is an id of the request. */
export function isCorrelation(name: string): boolean {
  return CORRELATION.includes(name)
}
