import { expect, test } from 'vitest'
import { architecture } from './architecture/architecture.js'
import { readPage } from './markdown.js'

test.each([...architecture()])(
  '%s is what the imports and a run make of it (pnpm run architecture writes it)',
  (path, text) => {
    expect(readPage(path)).toBe(text)
  },
)
