const never = new Int32Array(new SharedArrayBuffer(4))

/** Blocks the thread: only while a synchronous promise has to be kept, or a file is opened. */
export function sleep(ms: number): void {
  Atomics.wait(never, 0, 0, ms)
}
