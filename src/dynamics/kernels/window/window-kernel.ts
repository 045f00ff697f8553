import { entryOf } from '../../../events/by-name.js'
import { InputError, InternalError } from '../../../events/errors.js'
import { joinTrains } from '../../../events/join-trains.js'
import { noSpikes } from '../../../events/no-spikes.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { LifValues, ProjectionValues } from '../../../network/instance/instance.js'
import type { KernelInput, SourceSlices } from '../../inputs/kernel-input.js'
import { lateBatch } from '../../inputs/late-batch.js'
import { RecentSpikes } from '../../inputs/recent-spikes.js'
import { hasSharedDelays } from '../../parameters/parameter-layout.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import type { PartialSums } from '../../parameters/partial-sums.js'
import type { ArrivalCounter } from '../../traffic/arrival-count.js'
import type { MemoryTraffic } from '../../traffic/memory-traffic.js'
import { Kernel, type KernelMaxima, type ReturnedGradients } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { leastDelays } from './arrivals/input-delays.js'
import { GradientVector } from './back/gradient-vector.js'
import { WindowGradients } from './back/window-gradients.js'
import { QUIET_INTERVAL } from './cells/stillness.js'
import { createRowCounter } from './rows/row-counter.js'
import { mostDelayOf, recordsOf, type SourceRows } from './rows/source-rows.js'
import { type DelayRule, windowParameters } from './rows/window-parameters.js'
import { describedForm, followedForm, learnedForm, type WindowForm, type WindowGroup } from './window-form.js'
import type { WindowSetup } from './window-groups.js'
import { WindowTraffic, type WindowWork } from './window-traffic.js'

/** Nobody waits for what comes back to a spike that is drawn here. */
const NOBODY = () => 0

/**
 * The kernel of large sparse groups: neurons go through bins of a fixed grid of time, all arrivals of a bin are added up
 * in one order whatever the order they came in, and only neurons that might fire in a bin walk through it event by event.
 * See `KERNEL_LIMITS` and `WindowNeurons`.
 *
 * Its synapses lie in rows by source unit; those of rules as they are drawn, and never listed unless somebody asks for
 * parameters or gradients. Once parameters were changed every synapse has numbers of its own; what did not change keeps its
 * bits. Bins, and the form of the scaled state, follow from the time constants of now.
 *
 * Between two segments of a run its state is that of the neurons at the start of the bin under way. Where a segment ends
 * inside of a bin, the neurons go through that bin again in the next one; only spikes that are new are returned.
 */
export class WindowKernel extends Kernel<LifValues> {
  private readonly group: WindowGroup
  private form: WindowForm
  private gradients: WindowGradients | null = null
  /** A backward pass will follow; of its steps, where the spikes of each part have gone; and the inputs' smallest delays. */
  private keepsTape = false
  private steps: (readonly ArrayLike<number>[])[] = []
  private soonest: readonly number[] = []
  /** Once they were asked for. */
  private vector: Float64Array | null = null
  /** Parameters were changed, and that has not reached the form. */
  private isFormStale = false
  private reached = 0
  private trials = 0
  private isSegmented = false
  private readonly traffic: WindowTraffic
  private work: WindowWork = { trials: 0, gradients: false, hasTops: false, doubles: 0 }
  private readonly recent: RecentSpikes
  /** The longest delay of each projection, once it was asked for. */
  private readonly reaches = new Map<number, number>()
  /** Whether neurons may be heard within a bin, once that was asked for. */
  private isHurried: boolean | null = null

  /**
   * @param seed of the spikes that it draws
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   */
  constructor(
    values: LifValues,
    projections: readonly ProjectionValues[],
    windowSetup: WindowSetup,
    seed: number,
    sourceSlices?: SourceSlices,
  ) {
    super(values, projections, sourceSlices, (projection) => !windowSetup.poissonInputs.has(projection.order))
    this.group = { values, projections, windowSetup, seed }
    this.form = describedForm(this.group)
    this.traffic = new WindowTraffic(values)
    this.recent = new RecentSpikes(this.inputs, {
      most: (projection) => this.reachOf(projection),
      ofUnit: (projection, unit) => this.reachOfUnit(projection, unit),
    })
  }

  /** Bytes of memory in use. */
  get bytes(): number {
    return this.form.neurons.engine.memory.mark()
  }

  get parameters(): Float64Array {
    this.vector ??= initialParameters(this.values, this.projections, this.layout)
    return this.vector
  }

  parametersChanged(): void {
    this.isFormStale = true
  }

  /** Before anything that depends on parameters. */
  private takeUp(): WindowForm {
    if (!this.isFormStale) return this.form
    const { group, form, layout, synapses, parameters } = this
    const now = windowParameters(group.values, layout, synapses.afferents, parameters)
    const isLearned = form.rows.every((projection) => projection?.rows.isDouble !== false)
    this.form = (isLearned ? followedForm(form, group, now) : null) ?? learnedForm(group, now)
    const own = synapses.afferents.reduce(
      (sum, { delayShape, count }) => sum + (delayShape === 'perSynapse' ? count : 0),
      0,
    )
    this.traffic.packed(synapses.count + own)
    this.isFormStale = false
    this.reaches.clear()
    this.isHurried = null
    return this.form
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
    if (this.keepsTape) this.beginTaped(options)
    this.form.neurons.begin(options)
    this.traffic.begin(this.work)
  }

  private beginTaped(options: KernelOptions): void {
    const { layout, synapses, inputs } = this
    const { neurons, rows } = this.form
    const { projections } = this.group
    this.soonest = this.smallestDelays()
    this.steps = []
    if (this.gradients?.isOf(neurons) !== true) {
      const vector = new GradientVector(neurons.engine.memory, this.group.values, { layout, synapses }, rows)
      this.gradients = new WindowGradients({
        ...{ neurons, layout, vector, projections, inputs: inputs.length },
        traffic: this.traffic,
      })
    }
    this.gradients.begin(options)
  }

  private start(options: KernelOptions, time: number): void {
    const { gradients, trials, trackSilent, segmented = false } = options
    this.gradients?.forget()
    const { emitted, bin } = this.takeUp()
    this.keepsTape = gradients
    this.work = { trials, gradients, hasTops: trackSilent, doubles: this.form.neurons.engine.state.doubles }
    this.reached = time
    this.trials = trials
    this.isSegmented = segmented
    this.recent.clear()
    emitted.begin(trials, Math.floor(time / bin) * bin)
  }

  /** @param projection its number among the kernel's own, those that it draws itself among them */
  override countArrivals(projection: number): ArrivalCounter {
    return createRowCounter(() => {
      const { neurons, delays } = this.takeUp()
      return { views: neurons.engine.memory, rows: this.rowsOf(projection), delayOf: delays[projection] as DelayRule }
    })
  }

  private rowsOf(projection: number): SourceRows {
    const { rows } = this.form.rows[projection] ?? {}
    if (rows === undefined) throw new InternalError(`No spikes come through projection ${projection}.`, { projection })
    return rows
  }

  /** Raises `InputError` STATE_FOREIGN for a state that another kernel has saved. */
  override resume(options: KernelOptions, start: number, state: KernelState): void {
    this.start(options, start)
    this.form.neurons.resume(options, start, state.columns)
    this.eachProjection((projection, key) => {
      const spikes = entryOf(state.inFlight, key) ?? noSpikes(options.trials)
      for (const { input, batch } of this.recent.split(projection, start, spikes)) this.take(input, batch)
    })
  }

  override saveState(): KernelState {
    const { neurons } = this.form
    const inFlight = new Map<string, SpikeTrains>()
    this.eachProjection((projection, key) => {
      inFlight.set(key, this.recent.inFlight(projection, neurons.binStart, this.trials))
    })
    return { columns: neurons.saveState(), inFlight: Object.fromEntries(inFlight) }
  }

  /** Visits the projections whose spikes are sent here. */
  private eachProjection(visit: (projection: number, key: string) => void): void {
    const keys = new Map(this.inputs.map(({ projection, key }) => [projection, key]))
    for (const [projection, key] of keys) visit(projection, key)
  }

  override smallestDelays(): readonly number[] {
    return leastDelays(this.takeUp(), this.inputs)
  }

  private reachOf(projection: number): number {
    const reach = this.reaches.get(projection) ?? this.mostDelay(projection)
    this.reaches.set(projection, reach)
    return reach
  }

  /** The longest delay of one unit's synapses; below 0 where it has none. */
  private reachOfUnit(projection: number, unit: number): number {
    const { neurons, delays } = this.form
    const [delayOf, rows] = [delays[projection] as DelayRule, this.rowsOf(projection)]
    if (recordsOf(neurons.engine.memory, rows, unit) === 0) return Number.NEGATIVE_INFINITY
    return delayOf === null ? mostDelayOf(neurons.engine.memory, rows, { start: unit, end: unit + 1 }) : delayOf(unit)
  }

  /** The longest delay of a projection's synapses. */
  private mostDelay(projection: number): number {
    const { neurons, delays } = this.form
    const delayOf = delays[projection] as DelayRule
    return this.inputs.reduce((most, { projection: own, units }) => {
      if (own !== projection) return most
      if (delayOf === null) return Math.max(most, mostDelayOf(neurons.engine.memory, this.rowsOf(projection), units))
      for (let unit = units.start; unit < units.end; unit++) most = Math.max(most, delayOf(unit))
      return most
    }, 0)
  }

  receive(input: number, batch: SpikeBatch): void {
    this.countArriving((this.inputs[input] as KernelInput).projection, batch.units)
    this.take(input, batch)
  }

  private take(input: number, batch: SpikeBatch): void {
    if (this.isSegmented) this.recent.receive(input, batch)
    const { projection } = this.inputs[input] as KernelInput
    const late = lateBatch(this.inputs[input] as KernelInput, batch)
    const soonest = late.window.start + (this.soonest[input] ?? 0)
    const first = this.keepsTape ? this.taped().receive(input, batch, soonest) : 0
    this.queue(projection, this.form.delays[projection] as DelayRule, late, (k) => first + k)
  }

  private countArriving(projection: number, units: ArrayLike<number>): void {
    const rows = this.rowsOf(projection)
    const { memory } = this.form.neurons.engine
    let records = 0
    for (let k = 0; k < units.length; k++) records += recordsOf(memory, rows, units[k] as number)
    this.traffic.arrived(rows, records)
  }

  memoryTraffic(): MemoryTraffic {
    return this.traffic.total()
  }

  /** @param slotOf number of the k-th spike among those received */
  private queue(
    projection: number,
    delayOf: DelayRule,
    { offsets, times, units }: SpikeTrains,
    slotOf: (k: number) => number,
  ): void {
    for (let trial = 0; trial + 1 < offsets.length; trial++)
      for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
        const [unit, sent] = [units[k] as number, times[k] as number]
        const time = sent + (delayOf === null ? 0 : delayOf(unit))
        this.form.neurons.arrive(trial, { projection, unit, sent, time, slot: slotOf(k) })
      }
  }

  /**
   * To the end of a bin; where no news for others can be gained so, as on cycles whose delays are shorter than a bin, inside
   * of one.
   */
  override reach(horizon: number, promised = this.reached): number {
    const reach = Math.max(this.reached, this.form.neurons.reach(horizon))
    if (reach > promised) return reach
    this.isHurried ??= this.hasShortDelays()
    return this.isHurried ? Math.max(reach, horizon) : reach
  }

  private hasShortDelays(): boolean {
    const { bin } = this.form
    const delays = this.smallestDelays()
    return this.inputs.some(({ projection }, input) => {
      return !this.group.projections[projection]?.fromSource && (delays[input] as number) < bin
    })
  }

  advance(arrivalsBefore: number, _spikesBefore: number): SpikeTrains {
    const spikes = this.advanceInSteps(arrivalsBefore)
    this.traffic.advanced(this.form.neurons.takeTally(), this.work)
    this.reached = arrivalsBefore
    if (this.isSegmented) this.recent.forget(this.form.neurons.binStart)
    return spikes
  }

  /** In steps that hold back what Poisson inputs emit. */
  private advanceInSteps(end: number): SpikeTrains {
    const { neurons, emitted, bin } = this.form
    if (emitted.isEmpty) {
      const spikes = neurons.advance(end)
      if (this.keepsTape) this.steps.push([spikes.times.map((_, k) => k)])
      return spikes
    }
    const parts: SpikeTrains[] = []
    for (;;) {
      // What is due next comes in some bins, of which the first is under way.
      const from = Math.max(neurons.binStart, Math.floor(emitted.due() / bin) * bin)
      const to = Math.min(end, from + QUIET_INTERVAL * bin)
      emitted.emit(to, (projection, delay, trains) => {
        this.countArriving(projection, trains.units)
        this.queue(projection, () => delay, trains, NOBODY)
      })
      parts.push(neurons.advance(to))
      if (to !== end) continue
      const { trains, places } = joinTrains(parts)
      if (this.keepsTape) this.steps.push(places)
      return trains
    }
  }

  nextEvent(): number {
    const { neurons, emitted } = this.form
    return Math.max(this.reached, Math.min(neurons.nextEvent(), emitted.due()))
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.taped().beginBackward(this.reached, peakGradients)
  }

  backward(deltas: Float64Array): void {
    const parts = this.steps.pop()
    if (parts === undefined) throw new InternalError('There is no step left to undo.')
    for (const places of parts.toReversed())
      this.taped().backward(Float64Array.from(places, (place) => deltas[place] as number))
  }

  takeReturned(): readonly ReturnedGradients[] {
    return this.taped().takeReturned()
  }

  private taped(): WindowGradients {
    if (this.gradients === null || !this.keepsTape)
      throw new InternalError('The kernel keeps nothing that a backward pass could undo.')
    return this.gradients
  }

  maxima(): KernelMaxima {
    return this.form.neurons.maxima()
  }

  isSilent(trial: number, n: number): boolean {
    return this.form.neurons.spikeCount(trial, n) === 0
  }

  get grazing(): number {
    return this.keepsTape ? this.taped().grazing : 0
  }

  override partialSums(projection: number): PartialSums | null {
    const afferent = this.synapses.afferents[projection]
    if (afferent === undefined || !hasSharedDelays(afferent)) return super.partialSums(projection)
    return this.taped().partialSums(projection)
  }

  sumGradient(): Float64Array {
    return this.taped().finish()
  }
}
