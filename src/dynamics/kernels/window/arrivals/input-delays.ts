import type { SpikeTrains } from '../../../../events/spike-trains.js'
import type { ProjectionValues } from '../../../../network/instance/instance.js'
import type { Reach } from '../../../parameters/synapses.js'
import type { KernelInput } from '../../../timeline/kernel-input.js'
import type { WindowNeurons } from '../neurons/window-neurons.js'
import { leastDelayOf, mostDelayOf, recordsOf } from '../rows/source-rows.js'
import type { DelayRule } from '../rows/window-parameters.js'
import type { WindowForm } from '../window-form.js'

/** The delays of the synapses behind a window kernel's inputs, in ms, by one form of its group. */
export class InputDelays implements Reach {
  private readonly form: WindowForm
  private readonly inputs: readonly KernelInput[]
  private readonly projections: readonly Pick<ProjectionValues, 'fromSource'>[]
  /** The longest of each projection, once it was asked for. */
  private readonly longest = new Map<number, number>()
  /** Once that was asked for. */
  private hasShort: boolean | null = null

  constructor(
    form: WindowForm,
    inputs: readonly KernelInput[],
    projections: readonly Pick<ProjectionValues, 'fromSource'>[],
  ) {
    this.form = form
    this.inputs = inputs
    this.projections = projections
  }

  /** The smallest delay of each input; Infinity of an input without a synapse. */
  smallest(): readonly number[] {
    const { neurons, rows, delays } = this.form
    return this.inputs.map(({ projection, units }) => {
      const delayOf = delays[projection] ?? null
      const own = rows[projection]?.rows
      if (delayOf === null && own !== undefined) return leastDelayOf(neurons.engine.memory, own, units)
      let least = Number.POSITIVE_INFINITY
      for (let unit = units.start; unit < units.end; unit++) least = Math.min(least, delayOf?.(unit) ?? 0)
      return least
    })
  }

  /** Whether neurons may be heard within a bin. */
  get areShort(): boolean {
    this.hasShort ??= this.haveShort()
    return this.hasShort
  }

  private haveShort(): boolean {
    const smallest = this.smallest()
    return this.inputs.some(({ projection }, input) => {
      return !this.projections[projection]?.fromSource && (smallest[input] as number) < this.form.bin
    })
  }

  most(projection: number): number {
    const most = this.longest.get(projection) ?? this.mostOf(projection)
    this.longest.set(projection, most)
    return most
  }

  ofUnit(projection: number, unit: number): number {
    const { memory, rows } = this.rowsOf(projection)
    if (recordsOf(memory, rows, unit) === 0) return Number.NEGATIVE_INFINITY
    const delayOf = this.form.delays[projection] as DelayRule
    return delayOf === null ? mostDelayOf(memory, rows, { start: unit, end: unit + 1 }) : delayOf(unit)
  }

  private mostOf(projection: number): number {
    const delayOf = this.form.delays[projection] as DelayRule
    return this.inputs.reduce((most, { projection: own, units }) => {
      if (own !== projection) return most
      if (delayOf === null) {
        const { memory, rows } = this.rowsOf(projection)
        return Math.max(most, mostDelayOf(memory, rows, units))
      }
      for (let unit = units.start; unit < units.end; unit++) most = Math.max(most, delayOf(unit))
      return most
    }, 0)
  }

  private rowsOf(projection: number) {
    const { engine } = this.form.neurons
    return { memory: engine.memory, rows: engine.rowsOf(projection) }
  }
}

/**
 * Lets spikes arrive that come through a projection, trial by trial.
 *
 * @param slotOf number of the k-th spike among those received
 */
export function queueSpikes(
  neurons: WindowNeurons,
  projection: number,
  delayOf: DelayRule,
  { offsets, times, units }: SpikeTrains,
  slotOf: (k: number) => number,
): void {
  for (let trial = 0; trial + 1 < offsets.length; trial++)
    for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
      const [unit, sent] = [units[k] as number, times[k] as number]
      const time = sent + (delayOf === null ? 0 : delayOf(unit))
      neurons.arrive(trial, { projection, unit, sent, time, slot: slotOf(k) })
    }
}
