/** A line as it was logged, out of what a container runtime or a viewer has put around it. */
export interface Unwrapped {
  readonly text: string
  /** Which container or pod it came from, where the wrapping says so. */
  readonly origin: string | undefined
}

/** `[pod/api-7d9f/api] `: kubectl logs --prefix. */
const KUBECTL = /^\[pod\/([^\]\s]{1,512})\] /
/** `api-1  | `: docker compose logs, coloured or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with a control character
const COMPOSE = /^(?:\u001b\[[\d;]*m)*([\w.-]{1,128}) +\| (?:\u001b\[[\d;]*m)*/
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
  private readonly parts = new Map<string, string>()

  /** @param matters Whether a line is wanted, by its wrapped text; one that cannot be is not unwrapped. By default, all are. */
  constructor(private readonly matters?: (wrapped: string) => boolean) {}

  /** The line as it was logged; `undefined` for a part whose rest comes later. */
  unwrap(line: string): Unwrapped | undefined {
    const first = line.charCodeAt(0)
    // Nearly every line, and the reason that this costs nothing.
    if (first === 0x7b && !line.startsWith(JSON_FILE)) return { text: line, origin: undefined }
    return this.unwrapAny(line, undefined)
  }

  /** Lines whose last part never came. */
  rest(): readonly Unwrapped[] {
    const rest = [...this.parts].map(([key, text]) => ({ text, origin: originOf(key) }))
    this.parts.clear()
    return rest
  }

  private unwrapAny(line: string, origin: string | undefined): Unwrapped | undefined {
    if (line.startsWith(JSON_FILE)) return this.jsonFile(line, origin)
    const cri = CRI.exec(line)
    if (cri !== null) return this.joined(origin, cri[1] ?? '', line.slice(cri[0].length), cri[2] === 'F')
    const stamp = STAMPED.exec(line)
    if (stamp !== null) return this.unwrapAny(line.slice(stamp[0].length), origin)
    if (origin !== undefined) return { text: line, origin }
    const prefix = KUBECTL.exec(line) ?? COMPOSE.exec(line)
    return prefix === null ? { text: line, origin: undefined } : this.unwrapAny(line.slice(prefix[0].length), prefix[1])
  }

  private jsonFile(line: string, origin: string | undefined): Unwrapped | undefined {
    if (this.matters?.(line) === false && this.parts.size === 0 && WHOLE_IN_JSON_FILE.test(line)) return undefined
    let wrapper: { log?: unknown; stream?: unknown; time?: unknown }
    try {
      wrapper = JSON.parse(line)
    } catch {
      return { text: line, origin }
    }
    const { log, stream } = wrapper
    // A record that has a field called "log", and no wrapper.
    if (typeof log !== 'string' || typeof stream !== 'string' || wrapper.time === undefined)
      return { text: line, origin }
    const isWhole = log.endsWith('\n')
    return this.joined(origin, stream, isWhole ? log.slice(0, -1) : log, isWhole)
  }

  private joined(origin: string | undefined, stream: string, text: string, isWhole: boolean): Unwrapped | undefined {
    const key = `${stream} ${origin ?? ''}`
    const before = this.parts.get(key)
    if (isWhole && before === undefined) return { text, origin }
    const whole = (before ?? '') + text
    if (!isWhole && whole.length < LONGEST_PARTS) {
      this.parts.set(key, whole)
      return undefined
    }
    this.parts.delete(key)
    return { text: whole, origin }
  }
}

function originOf(key: string): string | undefined {
  return key.slice(key.indexOf(' ') + 1) || undefined
}

/** Whether a file's first line shows that its lines are wrapped in a way that may split them. */
export function maySplitLines(firstLine: string): boolean {
  return firstLine.startsWith(JSON_FILE) || CRI.test(firstLine)
}
