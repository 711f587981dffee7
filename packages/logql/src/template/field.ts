import { LogQLError } from '../error.js'
import { fieldsOf, formatTime, GoTime } from './time.js'
import { isMap, TemplateError, typeName, type Value } from './value.js'

/** Reads a key of a map, or calls a method of a time. */
export function fieldOf(value: Value, name: string, parameters: readonly Value[]): Value {
  if (value instanceof GoTime) return callMethod(value, name, parameters)
  if (isMap(value)) return Object.hasOwn(value, name) ? value[name] : undefined
  if (value === undefined) throw new TemplateError(`nil pointer evaluating interface {}.${name}`)
  throw new TemplateError(`can't evaluate field ${name} in type ${typeName(value)}`)
}

function callMethod(time: GoTime, name: string, [layout]: readonly Value[]): Value {
  const { nanoseconds } = time
  const fields = fieldsOf(time)
  switch (name) {
    case 'Unix':
      return (nanoseconds - BigInt(fields.fraction)) / 1_000_000_000n
    case 'UnixMilli':
      return floorDivide(nanoseconds, 1_000_000n)
    case 'UnixMicro':
      return floorDivide(nanoseconds, 1_000n)
    case 'UnixNano':
      return nanoseconds
    case 'Year':
      return BigInt(fields.year)
    case 'Day':
      return BigInt(fields.day)
    case 'YearDay':
      return BigInt(fields.yearDay)
    case 'Hour':
      return BigInt(fields.hour)
    case 'Minute':
      return BigInt(fields.minute)
    case 'Second':
      return BigInt(fields.second)
    case 'Nanosecond':
      return BigInt(fields.fraction)
    case 'Month':
      return formatTime(time, 'January')
    case 'Weekday':
      return formatTime(time, 'Monday')
    case 'String':
      return time.toString()
    case 'UTC':
      return new GoTime(nanoseconds)
    case 'Format':
      if (typeof layout === 'string') return formatTime(time, layout)
  }
  throw new LogQLError('unsupported', `not supported: the method ${name} of a time in a template`)
}

function floorDivide(value: bigint, by: bigint): bigint {
  return value < 0n && value % by !== 0n ? value / by - 1n : value / by
}
