/** Writes the diagrams and the page: `pnpm run architecture`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../markdown.ts'
import { architecture } from './architecture.ts'

for (const [path, text] of architecture()) writeFileSync(join(root, path), text)
