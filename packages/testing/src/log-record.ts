/** A line, parsed. Fields that a line need not have are `undefined` where it has not. */
export interface LogRecord {
  readonly timestamp: string
  readonly level: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL'
  readonly message: string
  readonly service: string
  readonly logger?: string
  readonly request_id?: string
  readonly trace_id?: string
  readonly error?: string
  readonly error_type?: string
  readonly traceback?: string
  readonly [field: string]: unknown
}
