/** A line as it was logged, out of what a container runtime or a viewer has put around it. */
export interface Unwrapped {
  readonly text: string
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
/** `api-1  | {`: docker compose logs, coloured or not. Before anything but a record it is a line's own (`WARN | disk full`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
const COMPOSE = /^(?:\u001b\[[\d;]*m)*([\w.-]{1,128}) +\| (?:\u001b\[[\d;]*m)*(?=\{)/
/** `2024-01-22T10:15:23.120000000Z stdout F `: the Container Runtime Interface's files. `P` is a part of a line. */
const CRI = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([FP])(?::[^ ]*)?(?: |$)/
/** `2024-01-22T10:15:23.120000000Z {`: kubectl logs --timestamps and docker logs --timestamps. */
const STAMPED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (?=\{)/
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
   * The line as it was logged; `undefined` for a part whose rest comes later.
   *
   * @param bytes Of the line in the source, newline included.
   */
  unwrap(line: string, bytes: number): Unwrapped | undefined {
    const first = line.charCodeAt(0)
    // Nearly every line, and the reason that this costs nothing.
    if (first === 0x7b && !line.startsWith(JSON_FILE)) return { text: line, origin: undefined, bytes }
    return this.unwrapAny(line, bytes, undefined)
  }

  /** Lines whose last part never came. */
  rest(): readonly Unwrapped[] {
    const rest = [...this.parts].map(([key, parts]) => ({ ...parts, origin: originOf(key) }))
    this.parts.clear()
    return rest
  }

  private unwrapAny(line: string, bytes: number, origin: string | undefined): Unwrapped | undefined {
    if (line.startsWith(JSON_FILE)) return this.jsonFile(line, bytes, origin)
    const cri = CRI.exec(line)
    if (cri !== null) {
      const text = line.slice(cri[0].length)
      return this.joined({ text, bytes, origin }, cri[1] ?? '', cri[2] === 'F')
    }
    const stamp = STAMPED.exec(line)
    if (stamp !== null) return this.unwrapAny(line.slice(stamp[0].length), bytes, origin)
    if (origin !== undefined) return { text: line, origin, bytes }
    const prefix = KUBECTL.exec(line) ?? COMPOSE.exec(line)
    if (prefix === null) return { text: line, origin: undefined, bytes }
    return this.unwrapAny(line.slice(prefix[0].length), bytes, prefix[1])
  }

  private jsonFile(line: string, bytes: number, origin: string | undefined): Unwrapped | undefined {
    if (this.matters?.(line) === false && this.parts.size === 0 && WHOLE_IN_JSON_FILE.test(line)) return undefined
    let wrapper: { log?: unknown; stream?: unknown; time?: unknown }
    try {
      wrapper = JSON.parse(line)
    } catch {
      return { text: line, origin, bytes }
    }
    const { log, stream } = wrapper
    // A record that has a field called "log", and no wrapper.
    if (typeof log !== 'string' || typeof stream !== 'string' || wrapper.time === undefined)
      return { text: line, origin, bytes }
    const isWhole = log.endsWith('\n')
    return this.joined({ text: isWhole ? log.slice(0, -1) : log, bytes, origin }, stream, isWhole)
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
