import { type JsonObject, parseObject } from '../record/json.js'
import { contentsOf } from './envelope.js'
import { withoutPrefix } from './prefix.js'

/** A line as it was logged, out of what a container runtime, a log shipper, a store or a viewer has put around it. */
export interface Unwrapped {
  readonly text: string
  /** The text's object, where finding it took parsing it. */
  readonly object?: JsonObject | undefined
  /** Which container or pod it came from, where the wrapping says so. */
  readonly origin: string | undefined
  /** Bytes in the source, of all its parts. */
  readonly bytes: number
}

/** A line whose end has not come. */
interface Parts {
  readonly text: string
  readonly bytes: number
}

/** `[pod/api-7d9f/api] `: kubectl logs --prefix. */
const KUBECTL = /^\[pod\/([^\]\s]{1,512})\] /
/** `2024-01-22T10:15:23.120000000Z stdout F `: the Container Runtime Interface's files. `P` is a part of a line. */
const CRI = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?::[^ ]*)?(?: |$)/
/** How a line of our own begins: no shipper's object does. */
const OWN = '{"timestamp":"'
/** Shippers' objects within shippers' objects, and behind prefixes. */
const MOST_WRAPPINGS = 5
/** Docker's json-file driver: `{"log":"…\n","stream":"stdout","time":"…"}`. */
const JSON_FILE = '{"log":"'
const WHOLE_IN_JSON_FILE = /\\n","(?:attrs|stream)":/

/** The most text that is kept of a line whose last part does not come. */
const LONGEST_PARTS = 32 * 1024 * 1024

/** Unwraps the lines of one source, in order, and puts the parts of split lines together. */
export class Unwrapper {
  /** Parts of lines whose end has not come, by origin and stream: two containers' parts may alternate. */
  private readonly parts = new Map<string, Parts>()

  /** @param matters Whether a line is wanted, by its wrapped text; one that cannot be is not unwrapped. By default, all are. */
  constructor(private readonly matters?: (wrapped: string) => boolean) {}

  /**
   * The lines as they were logged: one as a rule, none for a part whose rest comes later, several for an export of events.
   *
   * @param bytes Of the line in the source, newline included.
   */
  unwrap(line: string, bytes: number): readonly Unwrapped[] {
    // Nearly every line, and the reason that this costs nothing.
    if (line.startsWith(OWN)) return [{ text: line, origin: undefined, bytes }]
    return this.unwrapAny({ text: line, origin: undefined, bytes }, 0)
  }

  /** Lines whose last part never came. */
  rest(): readonly Unwrapped[] {
    const rest = [...this.parts].map(([key, parts]) => ({ ...parts, origin: originOf(key) }))
    this.parts.clear()
    return rest
  }

  private unwrapAny(line: Unwrapped, depth: number): readonly Unwrapped[] {
    const { text, bytes } = line
    if (depth >= MOST_WRAPPINGS) return [line]
    if (text.charCodeAt(0) === 0x7b) return this.unwrapObject(line, depth)
    const cri = CRI.exec(text)
    if (cri !== null) {
      const whole = this.joined({ ...line, text: text.slice(cri[0].length) }, cri[1] ?? '', cri[2] === 'F')
      return whole === undefined ? [] : this.unwrapAny(whole, depth + 1)
    }
    const kubectl = KUBECTL.exec(text)
    if (kubectl !== null)
      return this.unwrapAny({ text: text.slice(kubectl[0].length), origin: kubectl[1], bytes }, depth + 1)
    const prefixed = withoutPrefix(text)
    if (prefixed === undefined) return [line]
    return this.unwrapObject({ ...prefixed, origin: line.origin ?? prefixed.origin, bytes }, depth)
  }

  private unwrapObject(line: Unwrapped, depth: number): readonly Unwrapped[] {
    const { text, bytes, origin } = line
    if (text.startsWith(OWN)) return [line]
    const isDocker = text.startsWith(JSON_FILE)
    if (isDocker && this.matters?.(text) === false && this.parts.size === 0 && WHOLE_IN_JSON_FILE.test(text)) return []
    const object = line.object ?? parseObject(text)
    if (object === undefined) return [line]
    if (isDocker && typeof object.stream === 'string' && object.time !== undefined) {
      const log = String(object.log)
      const isWhole = log.endsWith('\n')
      const whole = this.joined({ text: isWhole ? log.slice(0, -1) : log, origin, bytes }, object.stream, isWhole)
      return whole === undefined ? [] : this.unwrapAny(whole, depth + 1)
    }
    const contents = contentsOf(object)
    if (contents === undefined) return [{ ...line, object }]
    return contents.flatMap((content) =>
      this.unwrapAny(
        {
          text: content.text,
          origin: origin ?? content.origin,
          bytes: contents.length === 1 ? bytes : Buffer.byteLength(content.text),
        },
        depth + 1,
      ),
    )
  }

  private joined(part: Unwrapped, stream: string, isLast: boolean): Unwrapped | undefined {
    const key = `${stream} ${part.origin ?? ''}`
    const before = this.parts.get(key)
    if (isLast && before === undefined) return part
    const text = (before?.text ?? '') + part.text
    const bytes = (before?.bytes ?? 0) + part.bytes
    if (!isLast && text.length < LONGEST_PARTS) {
      this.parts.set(key, { text, bytes })
      return undefined
    }
    this.parts.delete(key)
    return { text, bytes, origin: part.origin }
  }
}

function originOf(key: string): string | undefined {
  return key.slice(key.indexOf(' ') + 1) || undefined
}

/** Whether a file's first line shows that its lines are wrapped in a way that may split them. */
export function maySplitLines(firstLine: string): boolean {
  return firstLine.startsWith(JSON_FILE) || CRI.test(firstLine)
}
