import { expect, it } from 'vitest'

it('gives the tests in this folder the built packages, as a program outside the workspace has them', () => {
  expect(import.meta.resolve('throughline')).toMatch(/\/packages\/core\/dist\/index\.js$/)
})
