import { library } from '../../tsup.base.js'

// One entry per name under "exports" in package.json: `event: 'src/event.ts'` for `throughline/event`.
export default library({ index: 'src/index.ts' })
