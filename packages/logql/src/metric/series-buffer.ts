/** The samples of one series, in the order they were pushed in. */
export class SeriesBuffer {
  #times = new BigInt64Array(16)
  #values = new Float64Array(16)
  #length = 0

  push(time: bigint, value: number): void {
    if (this.#length === this.#times.length) {
      const [times, values] = [this.#times, this.#values]
      this.#times = new BigInt64Array(2 * this.#length)
      this.#times.set(times)
      this.#values = new Float64Array(2 * this.#length)
      this.#values.set(values)
    }
    this.#times[this.#length] = time
    this.#values[this.#length++] = value
  }

  content(): { readonly times: BigInt64Array; readonly values: Float64Array } {
    return { times: this.#times.subarray(0, this.#length), values: this.#values.subarray(0, this.#length) }
  }
}
