/** A value that is asked for by many requests at once, made anew after a while. */
export class BriefCache<T> {
  private value: Promise<T> | undefined
  private madeAt = 0

  constructor(
    private readonly make: () => Promise<T>,
    private readonly ms = 200,
  ) {}

  get(): Promise<T> {
    if (this.value === undefined || Date.now() - this.madeAt > this.ms) {
      this.madeAt = Date.now()
      this.value = this.make()
      this.value.catch(() => {
        this.value = undefined
      })
    }
    return this.value
  }
}
