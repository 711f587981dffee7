import { join } from 'node:path'
import { inlineWorker } from '../../inline-worker.js'
import { library } from '../../tsup.base.js'

await inlineWorker(join(import.meta.dirname, 'src/destination/rotation/compress.thread.ts'))

// One entry per name under "exports" in package.json: 'src/destination.ts' for `throughline/destination`.
export default library({ entry: ['src/index.ts', 'src/destination.ts', 'src/internal.ts'] })
