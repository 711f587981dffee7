import type { Hop } from './hop.js'
import type { ListedRequest } from './request-list.js'
import type { TreeNode } from './tree.js'
import { type Story, spanOf } from './waterfall.js'

/** What `trace --json` prints, documented in docs/reference/cli.md. */
export function storyJson(story: Story): object {
  const { id, traces, lines, tree } = story
  const { start, end } = spanOf(tree)
  return {
    id,
    trace_ids: traces,
    start: isoOf(start),
    end: isoOf(end),
    duration_ms: toMicroseconds(end - start),
    failed: tree.some(hasFailed),
    hops: tree.map(hopJson),
    lines: lines.map(({ record }) => record),
  }
}

/** What `trace --json` prints without an id. */
export function requestsJson(requests: readonly ListedRequest[], total: number): object {
  return {
    total,
    requests: requests.map(({ id, time, service, name, status, durationMs, failed, failure }) => ({
      ...{ id, time: isoOf(time), service, name },
      ...{ status_code: status ?? null, duration_ms: durationMs ?? null, failed, failure: failure ?? null },
    })),
  }
}

function hasFailed({ hop, children }: TreeNode): boolean {
  return hop.failed || children.some(hasFailed)
}

function hopJson({ hop, children }: TreeNode): object {
  const { service, name, kind, start, status, failed, failure, isOpen, isUnderstood, spanId, requestId, lines } = hop
  return {
    ...{ service, name, kind, start: isoOf(start), duration_ms: durationOf(hop), status_code: status ?? null },
    ...{ failed, failure: failure ?? null, ended: !isOpen, understood: isUnderstood },
    ...{ request_id: requestId ?? null, span_id: spanId ?? null, lines: lines.length },
    hops: children.map(hopJson),
  }
}

/** As the lines say, else the time between them. */
function durationOf({ durationMs, start, end, isOpen }: Hop): number | null {
  return durationMs ?? (isOpen ? null : toMicroseconds(end - start))
}

/** Starts are computed from durations, and have no more digits than those. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

function isoOf(time: number): string | null {
  return Number.isFinite(time) ? new Date(time).toISOString() : null
}
