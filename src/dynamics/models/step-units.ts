/** The neuron of each record of a step, by its number in the step. */
export class StepUnits {
  private units = new Int32Array(256)

  note(at: number, n: number): void {
    if (at === this.units.length) {
      const grown = new Int32Array(2 * at)
      grown.set(this.units)
      this.units = grown
    }
    this.units[at] = n
  }

  of(at: number): number {
    return this.units[at] as number
  }
}
