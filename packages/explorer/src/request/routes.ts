import { durationOf, flatten, page, type Story, summaryOf } from '@throughline/cli/reader'
import type { Loki } from '../loki/loki.js'
import { type Answer, json, text } from '../server/headers.js'
import type { OwnRoute } from '../server/server.js'
import { requestStory } from './request-story.js'

/** `/api/request` for the page, and `/api/request-page`, the command's self-contained page, to be passed on. */
export function requestRoutes(loki: Loki): Readonly<Record<string, OwnRoute>> {
  const route =
    (show: (story: Story) => Answer): OwnRoute =>
    async (params, signal) => {
      const id = params.get('id') ?? ''
      const { start, end } = { start: params.get('start') ?? '', end: params.get('end') ?? '' }
      if (id.trim() === '') return text('id is missing', 400)
      const story = await requestStory(loki, { id, start, end }, signal)
      return story.lines.length === 0 ? text(`no line has the id ${JSON.stringify(id)}`, 404) : show(story)
    }
  return {
    '/api/request': route((story) => json(shown(story))),
    '/api/request-page': route((story) => ({ status: 200, type: 'text/html; charset=utf-8', body: page(story) })),
  }
}

function shown(story: Story) {
  const { id, traces, lines, tree } = story
  return {
    id,
    traces,
    summary: summaryOf(story),
    hops: flatten(tree).map(({ hop, depth }) => {
      const { service, name, kind, status, failed, isOpen, failure, start, end } = hop
      return { depth, service, name, kind, status, failed, isOpen, failure, start, end, duration: durationOf(hop) }
    }),
    lines: lines.map(({ record, time }) => ({ ms: time, line: JSON.stringify(record) })),
  }
}
