/**
 * The parts of undici's interface that this package touches, the same in undici 6, 7 and 8 and in the copies within Node.
 * Declared here because a process may hold several of them, and because whoever only uses the built-in `fetch` has no
 * `undici` to take types from.
 */
export type Dispatch = (options: DispatchOptions, handler: Handler) => boolean

export interface DispatchOptions {
  readonly origin?: string | URL
  readonly path: string
  readonly method: string
  readonly headers?: unknown
  /** Set on what this package passes on, so that a second interceptor beneath the first leaves the call alone. */
  readonly [CORRELATED]?: true
}

export const CORRELATED: unique symbol = Symbol.for('throughline.undici.correlated.1')

/** What a dispatcher tells of a request: one of two interfaces, known by their names. */
export type Handler = ControllerHandlers | CallbackHandlers

/** Where a request is paused, resumed and aborted, from undici 7 on. */
export interface Controller {
  readonly aborted: boolean
}

/** The state of the dispatches before this one. */
export interface StartContext {
  /** The URLs that redirected here. */
  readonly history?: readonly URL[]
}

/** The interface of undici 7 and 8. */
export interface ControllerHandlers {
  onRequestStart(controller: Controller, context: StartContext): void
  onRequestUpgrade?(controller: Controller, status: number, headers: unknown, socket: unknown): void
  onResponseStart?(controller: Controller, status: number, headers: unknown, statusText?: string): void
  onResponseData?(controller: Controller, chunk: unknown): void
  onResponseEnd?(controller: Controller, trailers: unknown): void
  onResponseError?(controller: Controller | null, error: unknown): void
  onResponseStarted?(): void
  onBodySent?(chunk: unknown): void
  onRequestSent?(): void
}

/** The interface of undici 6, which 7 takes too. */
export interface CallbackHandlers {
  onConnect?(abort: (reason?: unknown) => void, context?: StartContext): void
  onUpgrade?(status: number, headers: unknown, socket: unknown): void
  onHeaders?(status: number, headers: unknown, resume: () => void, statusText: string): boolean
  onData?(chunk: unknown): boolean
  onComplete?(trailers: unknown): void
  onError?(error: unknown): void
  onResponseStarted?(): void
  onBodySent?(chunk: unknown): void
  onRequestSent?(): void
}
