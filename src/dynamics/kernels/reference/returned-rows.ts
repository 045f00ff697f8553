import type { ReceivedBatch, SpikeBuffer } from '../../inputs/spike-buffer.js'
import { real } from '../../models/memory.js'
import type { ParameterLayout } from '../../parameters/parameter-layout.js'
import type { Synapses } from '../../parameters/synapses.js'
import { Pulse } from '../../pulse.js'
import { EventRows } from './event-rows.js'

/**
 * What a group returns for the spike batches it received: gradient events are noted while arrivals are undone, and read
 * once a batch, or a whole trial, is complete. Reading also sums them for delays that synapses share.
 */
export class ReturnedRows {
  pulse = new Pulse()
  private readonly rows: readonly EventRows[]
  private readonly layout: ParameterLayout
  private readonly synapses: Synapses
  private taken = 0

  constructor(synapses: Synapses, layout: ParameterLayout) {
    this.rows = synapses.afferents.map(() => new EventRows(layout.size, layout.returnedNodes))
    this.layout = layout
    this.synapses = synapses
  }

  /** How many gradient events were summed, 0 or not, since this was asked last: one for each synapse of a spike's unit. */
  takeCount(): number {
    const { taken } = this
    this.taken = 0
    return taken
  }

  /** Makes room for every spike received. */
  reserve(spikeBuffer: SpikeBuffer): void {
    this.rows.forEach((rows, p) => {
      rows.reserve(spikeBuffer.spikes(p))
    })
  }

  /** Notes the gradient event of one arrival; `row` is the spike's ordinal. */
  add(p: number, row: number, neuron: number, event: number): void {
    this.rows[p]?.add(row, neuron, event)
  }

  /** Reads all batches of a trial that ran whole, the last one first. */
  readWholeTrial(spikeBuffer: SpikeBuffer, trial: number, f64: Float64Array, shared: number): void {
    this.rows.forEach((_, p) => {
      let row = 0
      spikeBuffer.eachBackward(p, (entry) => {
        row += spikesIn(entry, trial)
      })
      spikeBuffer.eachBackward(p, (entry) => {
        row -= spikesIn(entry, trial)
        this.readTrial(p, entry, { trial, row }, f64, shared)
      })
    })
  }

  /**
   * Sums the rows of one batch and trial over the neurons, the last spike first.
   *
   * @param row of the batch's first spike in the trial
   * @param shared where the trial's gradient of shared delays lies in `f64`, block after block
   */
  readTrial(
    p: number,
    { batch, values }: ReceivedBatch,
    { trial, row }: { readonly trial: number; readonly row: number },
    f64: Float64Array,
    shared: number,
  ): void {
    const rows = this.rows[p] as EventRows
    const base = this.layout.sharedBase[p] as number
    const count = batch.times.length
    const begin = batch.offsets[trial] as number
    for (let k = (batch.offsets[trial + 1] as number) - 1; k >= begin; k--) {
      rows.take(row + k - begin)
      this.taken += this.synapses.fanCount(p, batch.units[k] as number)
      for (let j = 0; j < rows.nodeSums.length; j++) values[j * count + k] = real(rows.nodeSums, j)
      if (base >= 0) this.addShared(rows.blockSums, f64, shared + base + (batch.units[k] as number))
      this.pulse.count(this.layout.blocks)
    }
  }

  private addShared(blockSums: Float64Array, f64: Float64Array, first: number): void {
    for (let b = 0; b < this.layout.blocks; b++) {
      const at = first + b * this.layout.sharedCount
      f64[at] = real(f64, at) + real(blockSums, b)
    }
  }
}

function spikesIn({ batch }: ReceivedBatch, trial: number): number {
  return (batch.offsets[trial + 1] as number) - (batch.offsets[trial] as number)
}
