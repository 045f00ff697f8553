import { Subject, Subscription, take } from 'rxjs'
import type { ComponentKernel } from '../../dynamics/kernels/component-kernel.js'
import type { Kernel } from '../../dynamics/kernels/kernel.js'
import type { KernelOptions } from '../../dynamics/kernels/kernel-options.js'
import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { integralOf } from '../../learning/loss-view.js'
import { spikeNoiseOf } from '../../learning/noise/spike-noise-of.js'
import { isReadout } from '../../network/models/models.js'
import { collectReturned, type ReturnedBatch } from '../../streams/collect-returned.js'
import { flowControlOf } from '../../streams/flow-control.js'
import { type MergeInput, mergeByWatermark } from '../../streams/merge-by-watermark.js'
import type { VectorSender } from '../../streams/vector-stream.js'
import {
  gradientSources,
  type Input,
  type Output,
  type ReceivedSpikes,
  returnedByGroup,
  returnsGradients,
} from './group-ends.js'
import { createLifeCycle, type LifeCycle } from './life-cycle.js'
import { runMicroBatches } from './micro-batched-run.js'
import { watchQuiet } from './quiet-interval.js'
import { packReadout, readoutNumbersOf } from './readout-layout.js'
import { type Run, spanOf } from './run.js'
import { hingeGradients, hingeStrengths } from './silent-hinge.js'
import { resumeComponent } from './unit-states.js'

export interface GroupActorOptions {
  readonly component: ComponentKernel
  /** In the order of `component.inputs`. */
  readonly inputs: readonly Input[]
  /** Projections and, per LIF group, its way to the loss. */
  readonly outputs: readonly Output[]
  /** Per group: its way to the loss, if it is an LI readout. */
  readonly readouts: readonly (VectorSender | null)[]
  /** The component is no part of a cycle: trials run whole. */
  readonly whole: boolean
  /** Keys of the network's projections that lie on a cycle; only noise asks. Default: none. */
  readonly cyclic?: ReadonlySet<string>
  /** Groups that its spikes may have an effect on, itself among them; only user-defined actors ask. Default: all. */
  readonly leadsTo?: ReadonlySet<string>
  /** See `KernelOptions`. */
  readonly spikeLimit?: number | undefined
  /** See `KernelOptions`. */
  readonly beat: () => void
}

/** Runs one component: takes spike batches in, sends spike batches and gradient batches out. */
export interface GroupActor {
  readonly component: ComponentKernel
  readonly life: LifeCycle
  /** Every batch a group of this actor emits. */
  readonly spikes$: Subject<SpikeBatch>
  /** Every batch that the component has received from outside. */
  readonly received$: Subject<ReceivedSpikes>
  /** The options with which a kernel began the current run. */
  optionsOf(kernel: Kernel): KernelOptions
  /** The gradients of a batch from all outputs; emitted before the batch is undone. */
  readonly returned$: Subject<ReturnedBatch>
  begin(run: Run): void
  /** Leaves the run; nothing more is sent. */
  abort(reason: unknown): void
  close(): void
}

export function createGroupActor(options: GroupActorOptions): GroupActor {
  const { component } = options
  const life = createLifeCycle(component.kernels.map(({ values }) => values.name).join('+'))
  const spikes$ = new Subject<SpikeBatch>()
  const returned$ = new Subject<ReturnedBatch>()
  const received$ = new Subject<ReceivedSpikes>()
  let chosen: (kernel: Kernel) => KernelOptions = () => {
    throw new InternalError(`"${life.id}" has not begun a run.`)
  }
  let subscriptions = new Subscription()
  /** The outputs in use: every projection, and the loss where it looks at one of the groups. */
  let outputs: readonly Output[] = []
  /** How many batches the forward pass emitted. */
  const emitted$ = new Subject<number>()

  /** Nothing of a run survives it: subscriptions end with it, also when it fails. */
  function abort(error: unknown): void {
    subscriptions.unsubscribe()
    life.send({ type: 'fail', error })
  }

  const guarded = (step: () => void) => {
    try {
      step()
    } catch (error) {
      abort(error)
    }
  }

  function begin(run: Run): void {
    subscriptions.unsubscribe()
    subscriptions = new Subscription()
    life.send({ type: 'begin', gradients: run.gradients })
    outputs = options.outputs.filter(({ sums, group }) => sums.order !== Infinity || isObserved(component, group, run))
    guarded(() => {
      startComponent(run)
      if (run.microBatch !== undefined) inMicroBatches(run)
      else {
        if (run.gradients) awaitReturned(run)
        forward(run)
      }
    })
  }

  function startComponent(run: Run): void {
    chosen = (kernel) => kernelOptions(kernel, run, options)
    const from = run.segment?.from ?? 'rest'
    if (from === 'rest') component.begin(chosen)
    else if (from !== 'last') resumeComponent(component, chosen, spanOf(run).start, from)
  }

  function inMicroBatches(run: Run): void {
    const group = observedGroup(run)
    const kernel = component.kernels[group]
    const shown = kernel === undefined ? null : { kernel, readout: options.readouts[group] ?? null }
    const window = spanOf(run)
    const going = runMicroBatches({
      ...{ run, component, inputs: options.inputs, outputs, shown, life, guarded, abort },
      emit: (number, emitted) => emit(number, window, emitted),
      peakGradients: (ofLoss, number) => peakGradients(run, ofLoss, number),
      sendReturned: () => sendReturned(run),
      received: (spikes) => received$.next(spikes),
      returned: (batch) => returned$.next(batch),
    })
    subscriptions.add(going)
  }

  function forward(run: Run): void {
    const span = spanOf(run)
    const whole = isWhole(options, run)
    let sequence = 0
    let reached = span.start
    let outputBound = span.start
    // A whole trial waits for all there is, whatever the delays.
    const delays = whole ? component.inputs.map(() => 0) : component.smallestDelays()
    const quiet = watchQuiet(component, delays, span)
    const inputs = options.inputs.map(({ receiver }, k): MergeInput => {
      const latency = component.inputs[k]?.latency?.least ?? 0
      return { spikes$: receiver.spikes$, latency, delay: delays[k] as number }
    })
    const flowControl = flowControlOf(outputs.map(({ sender }) => sender))
    const merged = mergeByWatermark(inputs, { start: span.start, until: span.end, whole, flowControl })
    const advance = merged.subscribe({
      next: ({ horizon: known, received }) =>
        guarded(() => {
          for (const spikes of received) {
            const { input, batch } = spikes
            component.receive(input, batch)
            quiet.receive(input, batch)
            received$.next(spikes)
          }
          // A kernel that stops at ends of bins may end a segment inside of one.
          const horizon = known >= span.end ? span.end : component.reach(known, outputBound)
          if (horizon === reached) return
          const emitted = component.advance(horizon)
          const end = whole ? horizon : quiet.outputBound(horizon, emitted)
          emit(sequence++, { start: outputBound, end }, emitted)
          reached = horizon
          outputBound = end
        }),
      complete: () => guarded(() => finishForward(run, sequence)),
      error: abort,
    })
    subscriptions.add(advance)
  }

  function emit(sequence: number, window: Window, emitted: readonly SpikeTrains[]): void {
    emitted.forEach((trains, group) => {
      const stream = component.kernels[group]?.values.name ?? ''
      const batch: SpikeBatch = { stream, sequence, window, ...trains }
      spikes$.next(batch)
      for (const output of outputs) if (output.group === group) output.sender.sendSpikes(batch)
    })
  }

  function finishForward(run: Run, count: number): void {
    const group = observedGroup(run)
    const readout = options.readouts[group] ?? null
    life.send({ type: 'forwardDone' })
    if (readout === null) {
      if (run.gradients) backward(run, count, null)
      return
    }
    const ofLoss = readout.returned$.pipe(take(1))
    if (run.gradients) subscriptions.add(ofLoss.subscribe((values) => guarded(() => backward(run, count, values))))
    readout.sendValues(packReadout(component.kernels[group] as Kernel, readoutNumbersOf(run)))
  }

  /** The group that the loss looks at; -1 if it is none here. */
  function observedGroup(run: Run): number {
    return component.kernels.findIndex((_, group) => isObserved(component, group, run))
  }

  /** dL/d(max V) of all trials, or of one micro-batch. */
  function peakGradients(run: Run, ofLoss: Float64Array | null, microBatch?: number) {
    return component.kernels.map((kernel, group) => {
      const observed = isObserved(component, group, run)
      return isReadout(kernel.values) && observed ? ofLoss : hingeGradients(kernel, run, observed, microBatch)
    })
  }

  function backward(run: Run, count: number, ofLoss: Float64Array | null): void {
    component.beginBackward(peakGradients(run, ofLoss))
    // The gradients of batches that can only arrive after the end return before anything is undone; a cycle would wait for them.
    sendReturned(run)
    emitted$.next(count)
  }

  /** From the start: the loss returns gradients as soon as it has seen the last spikes, maybe before every input has ended. */
  function awaitReturned(run: Run): void {
    const returning = collectReturned(gradientSources(outputs), emitted$).subscribe({
      next: (batch) =>
        guarded(() => {
          returned$.next(batch)
          component.backward(returnedByGroup(batch.returned, outputs, component.kernels.length))
          sendReturned(run)
        }),
      complete: () => life.send({ type: 'backwardDone' }),
      error: abort,
    })
    subscriptions.add(returning)
  }

  function sendReturned(run: Run): void {
    for (const { input, batch, values } of component.takeReturned()) {
      const { source, receiver } = options.inputs[input] as Input
      if (returnsGradients(source, run))
        receiver.sendGradients({ stream: batch.stream, sequence: batch.sequence, values })
    }
  }

  function close(): void {
    subscriptions.unsubscribe()
    spikes$.complete()
    returned$.complete()
    received$.complete()
    life.send({ type: 'close' })
  }

  const optionsOf = (kernel: Kernel) => chosen(kernel)
  return { component, life, spikes$, received$, optionsOf, returned$, begin, abort, close }
}

function isObserved({ kernels }: ComponentKernel, group: number, { loss }: Run): boolean {
  return loss !== null && kernels[group]?.values.name === loss.loss.group
}

/** Segments go by in windows, also where trials run whole. */
function isWhole({ whole }: GroupActorOptions, { segment }: Run): boolean {
  return whole && segment === undefined
}

function kernelOptions(kernel: Kernel, run: Run, options: GroupActorOptions): KernelOptions {
  const observed = kernel.values.name === run.loss?.loss.group
  const { all, label } = hingeStrengths(kernel, run, observed)
  const spikeNoise = run.noise && spikeNoiseOf(run.noise, kernel.synapses.afferents, options.cyclic ?? new Set())
  return {
    trials: run.trials.count,
    until: run.trials.until,
    whole: isWhole(options, run),
    microBatch: run.microBatch,
    segmented: run.segment !== undefined,
    spikeLimit: options.spikeLimit,
    gradients: run.gradients,
    stopAfterFirst: run.stopAfterFirst && observed,
    trackSilent: run.gradients && (all > 0 || label > 0),
    inputTimes: run.inputTimes,
    biasGradient: run.biasGradient,
    adaptationGradient: run.adaptationGradient,
    integral: observed ? integralOf(run.loss?.loss) : undefined,
    rateBand: entryOf(run.loss?.rateBand, kernel.values.name),
    tauGradient: run.tauGradient === true,
    undefinedSlope: run.undefinedSlope,
    affectsLoss: run.loss !== null && options.leadsTo?.has(run.loss.loss.group) !== false,
    beat: options.beat,
    trialOrigin: run.noise,
    ...(spikeNoise === undefined ? {} : { spikeNoise }),
  }
}
