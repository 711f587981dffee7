import { join } from 'node:path'
import { inlineWorker } from '../../inline-worker.js'
import { library } from '../../tsup.base.js'

await inlineWorker(join(import.meta.dirname, 'src/export.thread.ts'))

export default library({ entry: ['src/index.ts'] })
