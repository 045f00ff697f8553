import type { SpikeBatch } from '../../../../events/spike-batch.js'
import { sumsLength } from '../../../../numerics/tree-nodes.js'
import type { ParameterLayout } from '../../../parameters/parameter-layout.js'
import type { ReturnedGradients } from '../../kernel.js'

/** A batch as it was sent, the earliest instant at which something of it may arrive, and the number of its first spike. */
interface ReceivedBatch {
  readonly batch: SpikeBatch
  readonly soonest: number
  readonly slot: number
}

/** The batches that a run with gradients has received, and for which of them gradients have been taken. */
export class ReceivedSpikes {
  /** Spikes so far, and a slot 0 in front of them that takes values which are not returned. */
  count = 1
  private readonly streams: readonly ReceivedBatch[][]

  constructor(inputs: number) {
    this.streams = Array.from({ length: inputs }, () => [])
  }

  /** Returns the number of its first spike. */
  receive(input: number, batch: SpikeBatch, soonest: number): number {
    const slot = this.count
    this.streams[input]?.push({ batch, soonest, slot })
    this.count += batch.times.length
    return slot
  }

  /**
   * Takes the batches all of whose arrivals are undone, the last one of each input first.
   *
   * @param reached everything from there on is undone, ms
   * @param sums per spike, node by node
   */
  takeReturned(
    reached: number,
    { returnedNodes: nodes }: ParameterLayout,
    sums: Float64Array,
  ): readonly ReturnedGradients[] {
    return this.streams.flatMap((batches, input) => {
      const returned: ReturnedGradients[] = []
      for (let last = batches.at(-1); last !== undefined; last = batches.at(-1)) {
        if (reached > 0 && last.soonest < reached) break
        batches.pop()
        const { batch, slot } = last
        const count = batch.times.length
        const values = new Float64Array(sumsLength(nodes, count))
        for (let k = 0; k < count; k++)
          for (let j = 0; j < nodes.length; j++) values[j * count + k] = sums[(slot + k) * nodes.length + j] as number
        returned.push({ input, batch, values })
      }
      return returned
    })
  }
}
