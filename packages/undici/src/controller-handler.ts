import type { OutgoingCall } from '@throughline/http/outgoing'
import type { Controller, ControllerHandlers, StartContext } from './dispatch.js'
import { endOf } from './end-of.js'

/**
 * Listens to what undici 7 and 8 tell a handler, and passes every word on in the context of the call: a pooled socket's
 * callbacks run in the context of whichever request opened it.
 */
export class ControllerHandler implements ControllerHandlers {
  constructor(
    private readonly handler: ControllerHandlers,
    private readonly call: OutgoingCall,
  ) {}

  onRequestStart(controller: Controller, context: StartContext): void {
    this.call.started(context?.history?.length ?? 0)
    this.call.run(() => this.handler.onRequestStart(controller, context))
  }

  onRequestUpgrade(controller: Controller, status: number, headers: unknown, socket: unknown): void {
    this.call.responded(status)
    this.call.end()
    this.call.run(() => this.handler.onRequestUpgrade?.(controller, status, headers, socket))
  }

  onResponseStart(controller: Controller, status: number, headers: unknown, statusText?: string): void {
    this.call.responded(status)
    this.call.run(() => this.handler.onResponseStart?.(controller, status, headers, statusText))
  }

  onResponseData(controller: Controller, chunk: unknown): void {
    this.call.run(() => this.handler.onResponseData?.(controller, chunk))
  }

  onResponseEnd(controller: Controller, trailers: unknown): void {
    this.call.end()
    this.call.run(() => this.handler.onResponseEnd?.(controller, trailers))
  }

  onResponseError(controller: Controller | null, error: unknown): void {
    endOf(this.call, error, controller?.aborted === true)
    this.call.run(() => this.handler.onResponseError?.(controller, error))
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
