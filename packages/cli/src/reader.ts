/**
 * How the command reads logs, for the other packages here: sources, lines out of their wrapping, records, and a request's tree.
 *
 * @module @throughline/cli/reader
 */
export { ExitStatus } from './exit-status.js'
export type { Block } from './input/assembler.js'
export { blocksOf, type Reading } from './input/blocks.js'
export { followedLines, type Resumption } from './input/follow.js'
export { type Line, LineReader } from './input/lines.js'
export { findSources, type Source } from './input/source.js'
export { type LogRecord, recordOf } from './record/record.js'
export { severityOf } from './record/severity.js'
export { timeOf } from './record/time.js'
export { type Hop, hopsOf } from './trace/hop.js'
export { page } from './trace/page.js'
export { holds } from './trace/search.js'
export type { TracedLine } from './trace/trace-search.js'
export { flatten, type TreeNode, treeOf } from './trace/tree.js'
export { durationOf, type Story, spanOf, summaryOf } from './trace/waterfall.js'
export { told, UserError } from './user-error.js'
export { Ledger } from './verify/ledger.js'
export { type Verdict, verdictOf } from './verify/verdict.js'
