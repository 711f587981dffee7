import type { OutgoingCall } from '@throughline/http/outgoing'
import type { CallbackHandlers, StartContext } from './dispatch.js'
import { endOf } from './end-of.js'

/** The same as `ControllerHandler` for the interface of undici 6, where what a handler returns is back pressure. */
export class CallbackHandler implements CallbackHandlers {
  private isCancelled = false

  constructor(
    private readonly handler: CallbackHandlers,
    private readonly call: OutgoingCall,
  ) {}

  onConnect(abort: (reason?: unknown) => void, context?: StartContext): void {
    this.call.started(context?.history?.length ?? 0)
    const cancel = (reason?: unknown) => {
      this.isCancelled = true
      abort(reason)
    }
    this.call.run(() => this.handler.onConnect?.(cancel, context))
  }

  onUpgrade(status: number, headers: unknown, socket: unknown): void {
    this.call.responded(status)
    this.call.end()
    this.call.run(() => this.handler.onUpgrade?.(status, headers, socket))
  }

  onHeaders(status: number, headers: unknown, resume: () => void, statusText: string): boolean {
    this.call.responded(status)
    return this.call.run(() => this.handler.onHeaders?.(status, headers, resume, statusText)) as boolean
  }

  onData(chunk: unknown): boolean {
    return this.call.run(() => this.handler.onData?.(chunk)) as boolean
  }

  onComplete(trailers: unknown): void {
    this.call.end()
    this.call.run(() => this.handler.onComplete?.(trailers))
  }

  onError(error: unknown): void {
    endOf(this.call, error, this.isCancelled)
    this.call.run(() => this.handler.onError?.(error))
  }

  onResponseStarted(): void {
    if (this.handler.onResponseStarted !== undefined) this.call.run(() => this.handler.onResponseStarted?.())
  }

  onBodySent(chunk: unknown): void {
    if (this.handler.onBodySent !== undefined) this.call.run(() => this.handler.onBodySent?.(chunk))
  }

  onRequestSent(): void {
    if (this.handler.onRequestSent !== undefined) this.call.run(() => this.handler.onRequestSent?.())
  }
}
