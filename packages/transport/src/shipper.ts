import { ownTraffic } from 'throughline/internal'
import type { Batch, Source } from './batch.js'
import type { Delivery } from './delivery.js'

export interface ShipperOptions {
  /** Requests under way at the same time. */
  readonly maxRequests: number
  /** How long a line waits for others to share its request. */
  readonly lingerMs: number
  /** Called after a batch: something has changed for those who wait. */
  readonly onProgress: () => void
}

/** Takes batches out of a source and delivers them, with a maximum of concurrent deliveries. */
export class Shipper {
  private underWay = 0
  private readonly shipments = new Set<Promise<void>>()
  private timer: NodeJS.Timeout | undefined
  private isDue = false
  private readonly ending = new AbortController()

  constructor(
    private readonly source: Source,
    private readonly delivery: Delivery,
    private readonly options: ShipperOptions,
  ) {}

  /** A line was added. */
  added(): void {
    if (this.source.isFull) this.pump()
    else this.schedule()
  }

  /** Sends what there is without waiting for more. */
  hurry(): void {
    this.isDue = true
    this.pump()
  }

  /** Cuts what is under way. Resolves when its batches are given back. */
  async stop(): Promise<void> {
    clearTimeout(this.timer)
    this.ending.abort()
    await Promise.all(this.shipments)
  }

  private schedule(): void {
    // Outside the request that happened to log the line, whose context the timer would keep.
    this.timer ??= ownTraffic(() => setTimeout(this.onTime, this.options.lingerMs).unref())
  }

  private readonly onTime = (): void => {
    this.timer = undefined
    this.hurry()
  }

  private pump(): void {
    while (this.underWay < this.options.maxRequests && !this.ending.signal.aborted) {
      const batch = this.source.next(this.isDue)
      if (batch === undefined) {
        // Whoever comes now waits for others again.
        this.isDue = false
        if (!this.source.isEmpty) this.schedule()
        return
      }
      this.underWay++
      const shipment = ownTraffic(() => this.ship(batch))
      this.shipments.add(shipment)
      void shipment.then(() => this.shipments.delete(shipment))
    }
  }

  private async ship(batch: Batch): Promise<void> {
    const onSettled = (lines: number) => batch.advance(lines)
    const settled = await this.delivery.deliver(await batch.load(), this.ending.signal, onSettled)
    if (settled) batch.settle()
    else batch.giveBack()
    this.underWay--
    this.options.onProgress()
    this.pump()
  }
}
