import { messageFirst } from '../lines.mjs'
import { at4K, throughline } from '../loggers/throughline.mjs'
import { using } from '../using.mjs'

const IDS = { request_id: 'req-123-abc' }

/** The context is entered once for a round, as a request does it, and not for each line. */
const inside = async (place) => {
  const [{ context }, log] = await Promise.all([import('throughline'), throughline(at4K)(place)])
  return { call: messageFirst.plain(log), around: (loop) => context.run(IDS, loop) }
}

export const cases = [
  {
    id: 'context',
    name: 'inside a context, against outside it with the same bytes bound',
    everywhere: true,
    bars: [{ against: 'outside', atMost: 1.25 }],
    contenders: {
      throughline: inside,
      outside: using(throughline(at4K, { fields: IDS }), messageFirst.plain),
    },
  },
]
