import type { Line } from '../input/lines.js'
import { type LogRecord, parseRecord } from '../record/record.js'
import { ProcessLog } from './process-log.js'
import type { OpenChunks } from './seq-set.js'

/** Where something is wrong with a line. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** Maximum damaged lines that are named; the rest are counted. */
const MOST_PLACES = 100

/** What is kept of a process is some 2 KiB. A hundred pods that restart daily have 36,500 runs in a year. */
const MOST_PROCESSES = 50_000

/** The end of a numbered line, by which one is known whose beginning is lost. */
const TAIL = /"boot_id":"([\w-]{1,64})","seq":(\d{1,16})\}{1,2}$/
/**
 * The beginnings of lines in all formats. In the middle of a line: that one was torn, and another one written right after it.
 */
const HEADS = ['{"timestamp":', '{"@timestamp":', '{"time":']

/** Every line of the files, under the process that wrote it. */
export class Ledger {
  lines = 0
  /** Records without a number: of other programs, or of a logger without `sequence`. */
  unnumbered = 0
  /** Lines that are no records and never were: what other programs print. */
  foreign = 0
  readonly foreignPlaces: Place[] = []
  /** Lines of which a part is lost. */
  torn = 0
  readonly tornPlaces: Place[] = []
  /** Numbered lines of processes beyond the most that are told apart. */
  unchecked = 0
  private readonly processes = new Map<string, ProcessLog>()
  private readonly open: OpenChunks = { count: 0 }

  /**
   * Counts one line.
   *
   * @param isWanted Whether the command's flags select the line. A line that they do not select is counted as present.
   */
  add(line: Line, isWanted = true): void {
    const { record } = line
    if (isWanted) this.lines++
    if (record !== undefined) this.addRecord(record, isWanted)
    else if (isWanted) this.addDamaged(line)
  }

  /** In the order in which they began. */
  all(): readonly ProcessLog[] {
    return [...this.processes.values()].sort((a, b) => a.firstTime - b.firstTime)
  }

  private addRecord(record: LogRecord, isWanted: boolean): void {
    const { boot_id, seq } = record
    if (typeof boot_id === 'string' && typeof seq === 'number') this.process(boot_id)?.add(record, seq, isWanted)
    else if (isWanted) this.unnumbered++
  }

  private addDamaged(line: Line): void {
    const { text, source, number } = line
    const place = { file: source.name, line: number }
    const tail = TAIL.exec(text.trimEnd())
    const head = Math.max(...HEADS.map((each) => text.lastIndexOf(each)))
    if (!text.startsWith('{') && tail === null && head === -1) {
      this.foreign++
      if (this.foreignPlaces.length < MOST_PLACES) this.foreignPlaces.push(place)
      return
    }
    this.torn++
    if (this.tornPlaces.length < MOST_PLACES) this.tornPlaces.push(place)
    const whole = head > 0 ? parseRecord(text.slice(head)) : undefined
    if (whole !== undefined) this.addRecord(whole, true)
    else if (tail !== null) this.process(tail[1] ?? '')?.addTorn(Number(tail[2]))
  }

  private process(bootId: string): ProcessLog | undefined {
    let log = this.processes.get(bootId)
    if (log === undefined) {
      if (this.processes.size >= MOST_PROCESSES) {
        this.unchecked++
        return undefined
      }
      log = new ProcessLog(bootId, this.open)
      this.processes.set(bootId, log)
    }
    return log
  }
}
