import { InternalError } from '../../events/errors.js'
import { BLOCK, blockSum } from '../../numerics/block-sum.js'
import { pairwiseSum } from '../../numerics/pairwise-sum.js'
import type { TreeNode } from '../../numerics/tree-nodes.js'
import type { ParameterLayout } from '../parameters/parameter-layout.js'
import type { Synapses } from '../parameters/synapses.js'
import { TrialSum } from '../parameters/trial-sum.js'
import { Pulse } from '../pulse.js'
import type { ArrivalQueues, QueuedBatch, QueueOptions } from './arrival-queues.js'
import type { ReturnedGradients } from './received-batches.js'

/** What a run sums its gradients in. */
export interface GradientRun {
  readonly options: Pick<QueueOptions, 'trials' | 'whole'>
  readonly arrivals: ArrivalQueues
  readonly pulse: Pulse
  /** Where the gradient vector of the first trial lies, of the others behind it; of whole trials there is one for all. */
  readonly memory: { readonly f64: Float64Array }
  readonly gradients: number
}

/**
 * The gradients of trials whose arrivals are undone one by one. Gradient events are noted in rows, one per spike, and read
 * once a batch, or a whole trial, is complete: they return for the batches received, and are summed for delays that synapses
 * share.
 */
export class TrialGradients {
  private readonly synapses: Synapses
  private readonly layout: ParameterLayout
  /** Per projection. */
  private readonly rows: readonly EventRows[]
  private readonly sum: TrialSum
  private run: GradientRun | null = null
  private isOpen = false
  private pulse = new Pulse()
  private taken = 0

  constructor(synapses: Synapses, layout: ParameterLayout) {
    this.synapses = synapses
    this.layout = layout
    this.rows = synapses.afferents.map(() => new EventRows(layout.size, layout.returnedNodes))
    this.sum = new TrialSum(layout.gradientLength)
  }

  /** A run begins that may be undone. */
  begin(run: GradientRun): void {
    this.run = run
    this.pulse = run.pulse
  }

  /** @param reached how far the forward pass went */
  beginBackward(reached: number): void {
    const { arrivals } = this.under()
    arrivals.beginBackward(reached)
    this.rows.forEach((rows, p) => {
      rows.reserve(arrivals.spikes(p))
    })
    this.isOpen = true
  }

  /** It has begun and was not finished: sums and gradients of its trials are half made. */
  get isBrokenOff(): boolean {
    return this.isOpen
  }

  /** How many gradient events were summed, 0 or not, since this was asked last: one for each synapse of a spike's unit. */
  takeCount(): number {
    const { taken } = this
    this.taken = 0
    return taken
  }

  /** Notes the gradient event of one arrival; `row` is the spike's ordinal. */
  add(p: number, row: number, neuron: number, event: number): void {
    this.rows[p]?.add(row, neuron, event)
  }

  /** Gradients of batches all of whose arrivals are undone. */
  takeReturned(): readonly ReturnedGradients[] {
    const { arrivals, options } = this.under()
    const { trials, whole } = options
    return arrivals.takeReturned((projection, entry): void => {
      // Those of trials that ran whole were summed one trial after the other.
      for (let trial = 0; trial < trials && !whole; trial++)
        this.read(projection, entry, trial, entry.first + (entry.batch.offsets[trial] as number))
    })
  }

  /** A trial that ran whole is undone: its rows become returned gradients, its own gradients join the sum. */
  closeWhole(trial: number): void {
    const { arrivals } = this.under()
    this.rows.forEach((_, p) => {
      let row = 0
      arrivals.eachBackward(p, (entry) => {
        row += spikesIn(entry, trial)
      })
      arrivals.eachBackward(p, (entry) => {
        row -= spikesIn(entry, trial)
        this.read(p, entry, trial, row)
      })
    })
    this.takeVector(trial)
  }

  /** Writes the gradients, summed over the trials, to `into`. */
  finish(into: Float64Array): void {
    const { trials, whole } = this.under().options
    for (let trial = 0; trial < trials && !whole; trial++) {
      this.pulse.beat()
      this.takeVector(trial)
    }
    this.sum.finish(into)
    this.isOpen = false
  }

  private takeVector(trial: number): void {
    this.sum.take(this.under().memory.f64, this.vectorOf(trial))
  }

  private vectorOf(trial: number): number {
    const { gradients, options } = this.under()
    return gradients + (options.whole ? 0 : trial * this.layout.gradientLength)
  }

  /**
   * Sums the rows of one batch and trial over the neurons, the last spike first.
   *
   * @param row of the batch's first spike in the trial
   */
  private read(p: number, { batch, values }: QueuedBatch, trial: number, row: number): void {
    const { layout } = this
    const { f64 } = this.under().memory
    const rows = this.rows[p] as EventRows
    const base = layout.sharedBase[p] as number
    const shared = this.vectorOf(trial) + layout.shared + base
    const count = batch.times.length
    const begin = batch.offsets[trial] as number
    for (let k = (batch.offsets[trial + 1] as number) - 1; k >= begin; k--) {
      const unit = batch.units[k] as number
      rows.take(row + k - begin)
      this.taken += this.synapses.fanCount(p, unit)
      for (let j = 0; j < rows.nodeSums.length; j++) values[j * count + k] = rows.nodeSums[j] as number
      if (base >= 0) this.addShared(rows.blockSums, f64, shared + unit)
      this.pulse.count(layout.blocks)
    }
  }

  private under(): GradientRun {
    if (this.run === null) throw new InternalError('There is nothing that the kernel could undo.')
    return this.run
  }

  private addShared(blockSums: Float64Array, f64: Float64Array, first: number): void {
    for (let b = 0; b < this.layout.blocks; b++) {
      const at = first + b * this.layout.sharedCount
      f64[at] = (f64[at] as number) + (blockSums[b] as number)
    }
  }
}

function spikesIn({ batch }: QueuedBatch, trial: number): number {
  return (batch.offsets[trial + 1] as number) - (batch.offsets[trial] as number)
}

/**
 * Gradient events of one projection on their way back: one row per spike, one column per target neuron held, summed over
 * the columns by blocks of 32, and over blocks in the subtrees of a pairwise tree.
 */
export class EventRows {
  /** Sum of each block, and of each node of the tree, of the row taken last. */
  readonly blockSums: Float64Array
  readonly nodeSums: Float64Array
  private rows = new Float64Array(0)
  private readonly columns: number
  private readonly nodes: readonly TreeNode[]

  /** @param nodes subtrees that together are the blocks of the columns */
  constructor(columns: number, nodes: readonly TreeNode[]) {
    this.columns = columns
    this.nodes = nodes
    this.blockSums = new Float64Array(Math.ceil(columns / BLOCK))
    this.nodeSums = new Float64Array(nodes.length)
  }

  /** Makes room for `count` rows; new rows are zero. */
  reserve(count: number): void {
    if (count * this.columns <= this.rows.length) return
    const grown = new Float64Array(Math.max(count * this.columns, 2 * this.rows.length))
    grown.set(this.rows)
    this.rows = grown
  }

  add(row: number, column: number, event: number): void {
    const at = row * this.columns + column
    this.rows[at] = (this.rows[at] as number) + event
  }

  /** Sums a row into `blockSums` and `nodeSums`; the row is cleared. */
  take(row: number): void {
    const { rows, columns, blockSums, nodeSums, nodes } = this
    const from = row * columns
    for (let b = 0; b < blockSums.length; b++)
      blockSums[b] = blockSum(rows, from + b * BLOCK, Math.min(BLOCK, columns - b * BLOCK))
    rows.fill(0, from, from + columns)
    const first = nodes[0]?.from ?? 0
    for (let j = 0; j < nodeSums.length; j++) {
      const node = nodes[j] as TreeNode
      nodeSums[j] = pairwiseSum(blockSums, node.from - first, node.to - node.from)
    }
  }
}
