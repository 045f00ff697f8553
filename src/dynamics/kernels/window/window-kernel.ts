import { InputError, InternalError } from '../../../events/errors.js'
import { joinTrains } from '../../../events/join-trains.js'
import type { SpikeBatch } from '../../../events/spike-batch.js'
import type { SpikeTrains } from '../../../events/spike-trains.js'
import type { LifValues, ProjectionValues } from '../../../network/instance/instance.js'
import { hasSharedDelays } from '../../parameters/parameter-layout.js'
import { initialParameters } from '../../parameters/parameter-vector.js'
import type { PartialSums } from '../../parameters/partial-sums.js'
import type { KernelInput, SourceSlices } from '../../timeline/kernel-input.js'
import { ReceivedBatches, type ReturnedGradients } from '../../timeline/received-batches.js'
import type { ArrivalCounter } from '../../traffic/arrival-counter.js'
import type { MemoryTraffic } from '../../traffic/memory-traffic.js'
import { Kernel, type KernelMaxima } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { InputDelays, queueSpikes } from './arrivals/input-delays.js'
import { GradientVector } from './back/gradient-vector.js'
import { slotOfSpike, WindowGradients } from './back/window-gradients.js'
import { createRowCounter, recordsOf } from './rows/source-rows.js'
import { type DelayRule, windowParameters } from './rows/window-parameters.js'
import { advanceInSteps, describedForm, nextForm, type WindowForm, type WindowSlice } from './window-form.js'
import type { WindowGroup } from './window-groups.js'
import { WindowTraffic, type WindowWork } from './window-traffic.js'

/** Slot of a spike that is drawn here: its gradient has no receiver. */
const NO_SLOT = () => 0

/**
 * The kernel of large sparse groups: neurons go through bins of a fixed grid of time, all arrivals of a bin are added up
 * in one order whatever the order they came in, and only neurons that might fire in a bin walk through it event by event.
 * See `KERNEL_LIMITS` and `WindowNeurons`.
 *
 * Its synapses lie in rows by source unit; those of rules as they are drawn, and never listed unless parameters or
 * gradients are requested. Once parameters were changed every synapse has its own numbers; what did not change keeps
 * its bits. Bins, and the form of the scaled state, follow from the current time constants.
 *
 * Between two segments of a run its state is that of the neurons at the start of the current bin. Where a segment ends
 * inside of a bin, the neurons go through that bin again in the next one; only spikes that are new are returned.
 */
export class WindowKernel extends Kernel<LifValues> {
  private readonly slice: WindowSlice
  private form: WindowForm
  private inputDelays: InputDelays
  private gradients: WindowGradients | null = null
  /** A backward pass will follow. */
  private keepsTape = false
  /** Once they were asked for. */
  private vector: Float64Array | null = null
  /** Parameters were changed, and that has not reached the form. */
  private isFormStale = false
  private reached = 0
  private trials = 0
  private readonly traffic: WindowTraffic
  private work: WindowWork = { trials: 0, gradients: false, hasRunningMaxima: false, doubles: 0 }
  private readonly received: ReceivedBatches

  /**
   * @param seed of the spikes that it draws
   * @param sourceSlices how the sources of the projections are cut; default: each is whole
   */
  constructor(
    values: LifValues,
    projections: readonly ProjectionValues[],
    windowGroup: WindowGroup,
    seed: number,
    sourceSlices?: SourceSlices,
  ) {
    super(values, projections, sourceSlices, (projection) => !windowGroup.poissonInputs.has(projection.order))
    this.slice = { values, projections, windowGroup, seed }
    this.form = describedForm(this.slice)
    this.inputDelays = new InputDelays(this.form, this.inputs, projections)
    this.traffic = new WindowTraffic(values)
    this.received = new ReceivedBatches(this.inputs)
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
    const { slice, form, layout, synapses, parameters } = this
    const now = windowParameters(slice.values, layout, synapses.afferents, parameters)
    this.form = nextForm(form, slice, now)
    this.inputDelays = new InputDelays(this.form, this.inputs, slice.projections)
    const own = synapses.afferents.reduce(
      (sum, { delayShape, count }) => sum + (delayShape === 'perSynapse' ? count : 0),
      0,
    )
    this.traffic.packed(synapses.count + own)
    this.isFormStale = false
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
    const { layout, synapses, received } = this
    const { neurons, rows } = this.form
    const { projections } = this.slice
    if (this.gradients?.isOf(neurons) !== true) {
      const vector = new GradientVector(neurons.engine.memory, this.slice.values, { layout, synapses }, rows)
      this.gradients = new WindowGradients({
        ...{ neurons, layout, vector, projections, received },
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
    this.work = { trials, gradients, hasRunningMaxima: trackSilent, doubles: this.form.neurons.engine.state.doubles }
    this.reached = time
    this.trials = trials
    const leastDelays = gradients ? this.smallestDelays() : []
    const leastDelay = (input: number) => leastDelays[input] ?? 0
    this.received.begin({ segmented, gradients, reach: this.inputDelays, leastDelay })
    emitted.begin(options, Math.floor(time / bin) * bin)
  }

  /** @param projection its number among the kernel's own, those that it draws itself among them */
  override countArrivals(projection: number): ArrivalCounter {
    return createRowCounter(() => {
      const { neurons, delays } = this.takeUp()
      const { engine } = neurons
      return { views: engine.memory, rows: engine.rowsOf(projection), delayOf: delays[projection] as DelayRule }
    })
  }

  /** Raises `InputError` STATE_FOREIGN for a state that another kernel has saved. */
  override resume(options: KernelOptions, start: number, state: KernelState): void {
    this.start(options, start)
    this.form.neurons.resume(options, start, state.columns)
    for (const { input, batch } of this.received.split(state.inFlight, start, options.trials)) this.take(input, batch)
  }

  override saveState(): KernelState {
    const { neurons } = this.form
    return { columns: neurons.saveState(), inFlight: this.received.inFlight(neurons.binStart, this.trials) }
  }

  override smallestDelays(): readonly number[] {
    this.takeUp()
    return this.inputDelays.smallest()
  }

  receive(input: number, batch: SpikeBatch): void {
    this.countArriving((this.inputs[input] as KernelInput).projection, batch.units)
    this.take(input, batch)
  }

  private take(input: number, batch: SpikeBatch): void {
    const { projection } = this.inputs[input] as KernelInput
    const { late, first } = this.received.receive(input, batch)
    const { neurons, delays } = this.form
    const slotOf = this.keepsTape ? (k: number) => slotOfSpike(first + k) : NO_SLOT
    queueSpikes(neurons, projection, delays[projection] as DelayRule, late, slotOf)
  }

  private countArriving(projection: number, units: ArrayLike<number>): void {
    const { engine } = this.form.neurons
    const { memory } = engine
    const rows = engine.rowsOf(projection)
    let records = 0
    for (let k = 0; k < units.length; k++) records += recordsOf(memory, rows, units[k] as number)
    this.traffic.arrived(rows, records)
  }

  memoryTraffic(): MemoryTraffic {
    return this.traffic.total()
  }

  /**
   * To the end of a bin; where no news for others can be gained so, as on cycles whose delays are shorter than a bin, inside
   * of one.
   */
  override reach(horizon: number, outputBound = this.reached): number {
    const reach = Math.max(this.reached, this.form.neurons.reach(horizon))
    if (reach > outputBound) return reach
    return this.inputDelays.areShort ? Math.max(reach, horizon) : reach
  }

  advance(arrivalsBefore: number, _spikesBefore?: number): SpikeTrains {
    const { form, traffic } = this
    const { neurons } = form
    const steps = advanceInSteps(form, arrivalsBefore, (projection, delay, trains) => {
      this.countArriving(projection, trains.units)
      queueSpikes(neurons, projection, () => delay, trains, NO_SLOT)
    })
    traffic.advanced(neurons.takeTally(), this.work)
    this.reached = arrivalsBefore
    this.received.forget(neurons.binStart)
    const joined = joinTrains(steps)
    if (this.keepsTape) this.taped().noteStep(joined.places)
    return joined.trains
  }

  nextEvent(): number {
    const { neurons, emitted } = this.form
    return Math.max(this.reached, Math.min(neurons.nextEvent(), emitted.due()))
  }

  beginBackward(peakGradients: Float64Array | null): void {
    this.taped().beginBackward(this.reached, peakGradients)
  }

  backward(deltas: Float64Array): void {
    this.taped().backward(deltas)
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

  sumTrials(): readonly Float64Array[] {
    return [this.taped().sumTrials()]
  }

  protected gradientVector(): Float64Array {
    return this.taped().vector()
  }
}
