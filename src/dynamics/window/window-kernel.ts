import { entryOf } from '../../events/by-name.js'
import { InputError, InternalError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { LifValues, ProjectionValues, SynapseDraws } from '../../network/instance.js'
import type { ArrivalCounter } from '../arrival-count.js'
import { Kernel, type KernelAnswer, type KernelMaxima } from '../kernel.js'
import type { KernelInput, SourceSlices } from '../kernel-input.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { lateBatch } from '../late-batch.js'
import { hasSharedDelays } from '../parameter-layout.js'
import { RecentSpikes } from '../recent-spikes.js'
import type { Shares } from '../shares.js'
import { DrivenReference } from './driven-reference.js'
import { GradientVector } from './gradient-vector.js'
import { buildSourceRows, commonDelay } from './source-rows.js'
import { synapseOfRecord } from './synapse-of-record.js'
import { WindowGradients } from './window-gradients.js'
import type { WindowPlanOfGroup } from './window-groups.js'
import { WindowNeurons } from './window-neurons.js'
import type { WindowProjection } from './window-projection.js'

/** Where the spikes of an input go: to which rows, and how much later; null where synapses have their own delays. */
interface InputWay {
  readonly projection: number
  readonly delayOf: ((unit: number) => number) | null
}

/**
 * The kernel of large sparse groups, forward: neurons go through cells of a fixed grid of time, all arrivals of a cell are
 * added up in one order whatever the order they came in, and only neurons that might fire in a cell walk through it event by event. See `KERNEL_LIMITS` and
 * `WindowNeurons`.
 *
 * Its synapses lie in rows by source unit and are never listed, unless somebody asks for gradients or parameters: for these
 * it keeps a reference kernel, made when it is first needed. Both agree to the accuracy of the model, not to the bit. Once
 * its parameters were changed the reference kernel runs everything.
 *
 * Between two segments of a run its state is that of the neurons at the start of the cell under way. Where a segment ends
 * inside of a cell, the neurons go through that cell again in the next one; only spikes that are new are returned.
 */
export class WindowKernel extends Kernel {
  private readonly neurons: WindowNeurons
  private readonly ways: readonly InputWay[]
  private readonly makeReference: () => DrivenReference
  private readonly makeGradients: () => WindowGradients
  private gradients: WindowGradients | null = null
  /** A backward pass will follow. */
  private keepsTape = false
  /** The smallest delay of each input in the run under way. */
  private soonest: readonly number[] = []
  private reference: DrivenReference | null = null
  /** Parameters were changed: the rows are out of date. */
  private isChanged = false
  /** The run under way is the reference kernel's. */
  private isDelegated = false
  private reached = 0
  private trials = 0
  private isSegmented = false
  private readonly recent: RecentSpikes
  /** The longest delay of each projection, once it was asked for. */
  private readonly reaches = new Map<number, number>()

  /**
   * @param seed of the spikes that it draws
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   */
  constructor(
    values: LifValues,
    projections: readonly ProjectionValues[],
    plan: WindowPlanOfGroup,
    seed: number,
    sourceSlices?: SourceSlices,
  ) {
    super(values, projections, sourceSlices, (projection) => !plan.drives.has(projection.order))
    const { cell, drives } = plan
    this.neurons = new WindowNeurons({ values, cell, drives: [...drives.values()], seed })
    const sent = projections.filter(({ order }) => !drives.has(order))
    const rows = sent.map((projection) => this.rowsOf(projection))
    this.neurons.setProjections(rows)
    this.ways = this.inputs.map(({ order }) => {
      const projection = sent.findIndex((candidate) => candidate.order === order)
      return { projection, delayOf: delayRuleOf(sent[projection] as ProjectionValues) }
    })
    this.recent = new RecentSpikes(this.inputs, {
      most: (projection) => this.reachOf(projection),
      ofUnit: (projection, unit) => this.reachOfUnit(projection, unit),
    })
    this.makeGradients = () => {
      const { neurons, layout, synapses, inputs } = this
      const backs = sent.map((projection, k) => {
        const { rows: own } = rows[k] as WindowProjection
        const numbers = synapseOfRecord(drawsOf(projection), own, projection.targetSize)
        return { projection: projections.indexOf(projection), rows: own, synapses: numbers }
      })
      const driven = [...drives.keys()].map((order) => {
        return { projection: projections.findIndex((projection) => projection.order === order) }
      })
      const vector = new GradientVector(neurons.memory, values, { layout, synapses }, { rows: backs, drives: driven })
      return new WindowGradients({ neurons, layout, vector, inputs: inputs.length })
    }
    this.makeReference = () => new DrivenReference({ values, projections, drives, seed, sourceSlices })
  }

  private rowsOf(projection: ProjectionValues): WindowProjection {
    const { sourceSize, targetSize } = projection
    const draws = drawsOf(projection)
    const rows = buildSourceRows(this.neurons.memory, draws, { sourceSize, targetSize })
    return { rows, weight: typeof draws.weights === 'number' ? draws.weights : null }
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.neurons.memory.mark()
  }

  private driven(): DrivenReference {
    this.reference ??= this.makeReference()
    return this.reference
  }

  private inReference(): Kernel {
    return this.driven().kernel
  }

  get parameters(): Float64Array {
    return this.inReference().parameters
  }

  parametersChanged(): void {
    this.isChanged = true
    this.inReference().parametersChanged()
  }

  override admitNoise(): void {
    const { name } = this.values
    throw new InputError({
      code: 'NOISE_KERNEL',
      field: 'noise',
      found: `"${name}", a large sparse group that runs on the window kernel`,
      expected: 'groups whose kernels know noise',
      remedy: "Open the network with the reference kernel: { kernel: 'reference' }, or --kernel reference.",
    })
  }

  begin(options: KernelOptions): void {
    this.start(options, 0)
    if (this.isDelegated) this.driven().begin(options)
    else {
      if (this.keepsTape) {
        this.soonest = this.smallestDelays()
        this.gradients ??= this.makeGradients()
        this.gradients.begin(options)
      }
      this.neurons.begin(options)
    }
  }

  private start(options: KernelOptions, time: number): void {
    const { gradients, trials, trackSilent, segmented = false } = options
    this.gradients?.forget()
    this.isDelegated = this.isChanged || trackSilent
    this.keepsTape = gradients && !this.isDelegated
    this.reached = time
    this.trials = trials
    this.isSegmented = segmented
    this.recent.clear()
  }

  /** @param projection its number among the kernel's own, those that it draws itself among them */
  override countArrivals(projection: number): ArrivalCounter {
    const way = this.wayOf(projection)
    return this.neurons.countArrivals(way.projection, way.delayOf)
  }

  private wayOf(projection: number): InputWay {
    const way = this.ways[this.inputs.findIndex((input) => input.projection === projection)]
    if (way === undefined) throw new InternalError(`No spikes come through projection ${projection}.`, { projection })
    return way
  }

  /** Raises `InputError` STATE_FOREIGN for a state that another kernel has saved. */
  override resume(options: KernelOptions, start: number, state: KernelState): void {
    this.start(options, start)
    if (this.isDelegated) {
      this.driven().resume(options, start, state)
      return
    }
    this.neurons.resume(options, start, state.columns)
    this.eachProjection((projection, key) => {
      const spikes = entryOf(state.inFlight, key) ?? noSpikes(options.trials)
      for (const { input, batch } of this.recent.split(projection, start, spikes)) this.receive(input, batch)
    })
  }

  override saveState(): KernelState {
    if (this.isDelegated) return this.driven().saveState()
    const inFlight = new Map<string, SpikeTrains>()
    this.eachProjection((projection, key) => {
      inFlight.set(key, this.recent.inFlight(projection, this.neurons.cellStart, this.trials))
    })
    return { columns: this.neurons.saveState(), inFlight: Object.fromEntries(inFlight) }
  }

  /** Visits the projections whose spikes are sent here. */
  private eachProjection(visit: (projection: number, key: string) => void): void {
    const keys = new Map(this.inputs.map(({ projection, key }) => [projection, key]))
    for (const [projection, key] of keys) visit(projection, key)
  }

  override smallestDelays(): readonly number[] {
    if (this.isChanged) return this.driven().smallestDelays()
    return this.inputs.map(({ units }, input) => {
      const { projection, delayOf } = this.ways[input] as InputWay
      if (delayOf === null) return this.neurons.leastDelay(projection, units)
      let least = Number.POSITIVE_INFINITY
      for (let unit = units.start; unit < units.end; unit++) least = Math.min(least, delayOf(unit))
      return least
    })
  }

  private reachOf(projection: number): number {
    const reach = this.reaches.get(projection) ?? this.mostDelay(projection)
    this.reaches.set(projection, reach)
    return reach
  }

  /** The longest delay of one unit's synapses; below 0 where it has none. */
  private reachOfUnit(projection: number, unit: number): number {
    const { projection: rows, delayOf } = this.wayOf(projection)
    if (!this.neurons.countArrivals(rows, null).isHeard(unit)) return Number.NEGATIVE_INFINITY
    return delayOf === null ? this.neurons.mostDelay(rows, { start: unit, end: unit + 1 }) : delayOf(unit)
  }

  /** The longest delay of a projection's synapses. */
  private mostDelay(projection: number): number {
    return this.inputs.reduce((most, { projection: own, units }, input) => {
      if (own !== projection) return most
      const { projection: rows, delayOf } = this.ways[input] as InputWay
      if (delayOf === null) return Math.max(most, this.neurons.mostDelay(rows, units))
      for (let unit = units.start; unit < units.end; unit++) most = Math.max(most, delayOf(unit))
      return most
    }, 0)
  }

  receive(input: number, batch: SpikeBatch): void {
    if (this.isDelegated) {
      this.driven().receive(input, batch)
      return
    }
    if (this.isSegmented) this.recent.receive(input, batch)
    const late = lateBatch(this.inputs[input] as KernelInput, batch)
    const soonest = late.window.start + (this.soonest[input] ?? 0)
    const slot = this.keepsTape ? (this.gradients?.receive(input, batch, soonest) ?? 0) : 0
    this.queue(this.ways[input] as InputWay, late, slot)
  }

  private queue({ projection, delayOf }: InputWay, { offsets, times, units }: SpikeBatch, slot: number): void {
    for (let trial = 0; trial + 1 < offsets.length; trial++)
      for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
        const unit = units[k] as number
        const delay = delayOf === null ? 0 : delayOf(unit)
        this.neurons.arrive(trial, projection, unit, (times[k] as number) + delay, slot + k)
      }
  }

  override reach(horizon: number): number {
    return this.isDelegated ? horizon : Math.max(this.reached, this.neurons.reach(horizon))
  }

  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    if (this.isDelegated) return this.driven().advance(arrivalsBefore, spikesBefore)
    this.reached = arrivalsBefore
    const spikes = this.neurons.advance(arrivalsBefore)
    if (this.isSegmented) this.recent.forget(this.neurons.cellStart)
    return spikes
  }

  nextEvent(): number {
    return this.isDelegated ? this.inReference().nextEvent() : Math.max(this.reached, this.neurons.nextEvent())
  }

  beginBackward(peakGradients: Float64Array | null): void {
    if (this.isDelegated) this.inReference().beginBackward(peakGradients)
    else this.taped().beginBackward(this.reached)
  }

  retreat(deltas: Float64Array): void {
    if (this.isDelegated) this.inReference().retreat(deltas)
    else this.taped().retreat(deltas)
  }

  takeAnswers(): readonly KernelAnswer[] {
    return this.isDelegated ? this.driven().takeAnswers() : this.taped().takeAnswers()
  }

  private taped(): WindowGradients {
    if (this.gradients === null || !this.keepsTape)
      throw new InternalError('The kernel keeps nothing that a backward pass could undo.')
    return this.gradients
  }

  maxima(): KernelMaxima {
    return this.inReference().maxima()
  }

  isSilent(trial: number, n: number): boolean {
    return this.isDelegated ? this.inReference().isSilent(trial, n) : this.neurons.spikeCount(trial, n) === 0
  }

  get grazing(): number {
    if (this.isDelegated) return this.inReference().grazing
    return this.keepsTape ? this.taped().grazing : 0
  }

  override shares(projection: number): Shares | null {
    const afferent = this.synapses.afferents[projection]
    if (this.isDelegated || afferent === undefined || !hasSharedDelays(afferent)) return super.shares(projection)
    return this.taped().shares(projection)
  }

  sumGradient(): Float64Array {
    return this.isDelegated ? this.inReference().sumGradient() : this.taped().finish()
  }
}

function drawsOf({ key, draws }: ProjectionValues): SynapseDraws {
  if (draws === undefined) throw new InternalError(`The synapses of "${key}" follow no rule.`, { projection: key })
  return draws
}

function delayRuleOf({ delays, delayShape, draws }: ProjectionValues): InputWay['delayOf'] {
  switch (delayShape) {
    case 'none':
      return () => 0
    case 'scalar':
      return () => delays[0] as number
    case 'perSource':
      return (unit) => delays[unit] as number
    case 'perSynapse': {
      const common = draws === undefined ? null : commonDelay(draws)
      return common === null ? null : () => common
    }
  }
}
