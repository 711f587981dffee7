let loaded: typeof import('node:crypto') | undefined

/**
 * `node:crypto`, loaded when the first id or hash is made: loading it takes an eighth of the time that `require('throughline')`
 * does (bench `start-up`), and a program that only logs makes none.
 */
export function nodeCrypto(): typeof import('node:crypto') {
  loaded ??= process.getBuiltinModule('node:crypto')
  return loaded
}
