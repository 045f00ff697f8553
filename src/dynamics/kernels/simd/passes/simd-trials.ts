import { InternalError } from '../../../../events/errors.js'
import type { SpikeBatch } from '../../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../../events/spike-trains.js'
import { microBatches } from '../../../../events/trial-range.js'
import { joinRows } from '../../../../numerics/join-rows.js'
import { MICRO_BATCH_UNIT, TrialSum } from '../../../parameters/trial-sum.js'
import type { ReturnedGradients } from '../../../timeline/received-batches.js'
import type { KernelMaxima } from '../../kernel.js'
import type { KernelOptions } from '../../kernel-options.js'
import type { SimdEngine } from '../layout/simd-engine.js'
import { type TreeFields, takeTrees, touchRows } from './gradient-trees.js'
import { type GradientWorkspace, SimdPass } from './simd-pass.js'

/** What the gradients of a mini-batch are summed in. */
interface GradientTrees extends Pick<GradientWorkspace, 'shared'> {
  readonly fields: TreeFields
}

/** A run of a SIMD kernel in whole trials, forward and back: all of them at once, or one micro-batch after the other. */
export class SimdTrials {
  private readonly engine: SimdEngine
  private readonly options: KernelOptions
  /** One per micro-batch of the run: the first `ran` are through forward, the first `undone` of them backward. */
  private readonly passes: readonly SimdPass[]
  private ran = 0
  private undone = 0
  private peakGradients: Float64Array | null = null
  private isBackward = false
  private trees: GradientTrees | null = null

  constructor(engine: SimdEngine, options: KernelOptions) {
    const { trials, microBatch } = options
    if (microBatch !== undefined && (microBatch % MICRO_BATCH_UNIT !== 0 || microBatch <= 0))
      throw new InternalError(`A micro-batch of ${microBatch} trials is not a multiple of ${MICRO_BATCH_UNIT}.`)
    this.engine = engine
    this.options = options
    this.passes = microBatches(trials, microBatch).map((range) => new SimdPass(engine, options, range))
  }

  receive(input: number, batch: SpikeBatch): void {
    this.passAt(this.passes.length === 1 ? 0 : batch.sequence).receive(input, batch)
  }

  advance(_arrivalsBefore: number, _spikesBefore: number): SpikeTrains {
    const pass = this.passAt(this.ran)
    if (this.ran === 0) this.engine.forgetRun()
    this.ran++
    return pass.forward()
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.peakGradients = peakGradients
    this.isBackward = true
  }

  backward(deltas: Float64Array): void {
    if (!this.isBackward || this.undone === this.ran)
      throw new InternalError('There is nothing left that the kernel could undo.')
    this.isBackward = false
    const pass = this.passAt(this.undone++)
    this.trees ??= this.takeTrees()
    touchRows(this.engine, pass, this.trees.fields)
    const { fields, shared } = this.trees
    const isLast = this.undone === this.passes.length
    pass.backward(deltas, this.peakGradients, { fields, shared, trialsBefore: pass.range.start, isLast })
    if (isLast) shared?.finish(this.engine.sharedGradient())
  }

  private takeTrees(): GradientTrees {
    const { engine, options } = this
    const { places, pool, group } = engine
    const { sharedCount, blocks } = group.layout
    // Those of all lane groups wait for the next micro-batch.
    const trees = this.passes.length === 1 ? pool.size : places.laneGroups
    return {
      fields: takeTrees(engine, options, trees),
      shared: sharedCount === 0 ? null : new TrialSum(blocks * sharedCount),
    }
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.passes.flatMap((pass) => pass.takeReturned())
  }

  maxima(microBatch?: number): KernelMaxima {
    const parts = this.passed(microBatch).map((pass) => pass.maxima())
    return { values: joinRows(parts.map(({ values }) => values)), times: joinRows(parts.map(({ times }) => times)) }
  }

  /** Null if none are wanted. */
  integrals(microBatch?: number): Float64Array | null {
    const parts = this.passed(microBatch).map((pass) => pass.integrals())
    const known = parts.filter((part) => part !== null)
    return known.length < parts.length ? null : joinRows(known)
  }

  isSilent(trial: number, n: number): boolean {
    const [pass] = this.passed(this.passes.findIndex(({ range }) => trial < range.end))
    return pass?.isSilent(trial, n) ?? false
  }

  get grazing(): number {
    return this.passes.reduce((sum, { grazing }) => sum + grazing, 0)
  }

  private passAt(number: number): SimdPass {
    const pass = this.passes[number]
    if (pass === undefined) throw new InternalError(`The run has no micro-batch ${number}.`)
    return pass
  }

  /** All passes of the run, or one of them; they must have run. */
  private passed(microBatch?: number): readonly SimdPass[] {
    const asked = microBatch === undefined ? this.passes : [this.passAt(microBatch)]
    const needed = microBatch === undefined ? this.passes.length : microBatch + 1
    if (needed === 0 || this.ran < needed) throw new InternalError('The kernel has not run.')
    return asked
  }
}
