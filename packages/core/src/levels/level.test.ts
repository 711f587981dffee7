import { expect, test } from 'vitest'
import { LEVELS, levelName, levelNumber, parseLevel } from './level.js'

test.for([
  ['trace', 'trace'],
  ['INFO', 'info'],
  ['  Warn\t', 'warn'],
  ['silent', 'silent'],
  ['warning', 'warn'],
  ['ERR', 'error'],
  ['critical', 'fatal'],
  ['off', 'silent'],
  ['none', 'silent'],
])('reads %j as the level %s', ([text, level]) => {
  expect(parseLevel(text ?? '')).toBe(level)
})

test.for(['', ' ', 'verbose', 'inf', 'info!', '30', 'constructor', '__proto__', 'toString', 'info,debug'])(
  'reads %j as no level',
  (text) => {
    expect(parseLevel(text)).toBeUndefined()
  },
)

test('a level and its number stand for each other', () => {
  for (const [name, number] of Object.entries(LEVELS)) {
    expect(levelName(number)).toBe(name)
    expect(levelNumber(levelName(number))).toBe(number)
  }
  expect(levelName(levelNumber('silent'))).toBe('silent')
})

test('a number between two levels is the threshold of the next higher one', () => {
  expect(levelName(35)).toBe('warn')
  expect(levelName(0)).toBe('trace')
  expect(levelName(61)).toBe('silent')
})
