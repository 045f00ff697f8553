/** Bits of a clock that are sent now and then; they go round. */
export class EvtClock {
  readonly #round: number
  readonly #step: number
  #rounds = 0
  #high = -1

  /** Microseconds at the first of them; infinite before. */
  start = Number.POSITIVE_INFINITY
  /** Microseconds of the last of them. */
  base = 0

  /** @param bits of the numbers that are sent  @param step microseconds that each stands for */
  constructor(bits: number, step: number) {
    this.#round = 2 ** bits
    this.#step = step
  }

  get runs(): boolean {
    return this.#high >= 0
  }

  /**
   * Takes the next number. One that falls by half a round or more has gone round; a smaller fall is the stutter that cameras
   * have.
   *
   * @returns whether it is another one
   */
  set(high: number): boolean {
    if (high === this.#high) return false
    if (this.#high - high >= this.#round / 2) this.#rounds++
    this.#high = high
    this.base = (this.#rounds * this.#round + high) * this.#step
    this.start = Math.min(this.start, this.base)
    return true
  }
}
