import { library } from '../../tsup.base.js'

// One entry per name under "exports" in package.json: 'src/event.ts' for `throughline/event`.
export default library({ entry: ['src/index.ts', 'src/destination.ts', 'src/event.ts', 'src/internal.ts'] })
