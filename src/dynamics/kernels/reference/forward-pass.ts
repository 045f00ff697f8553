import type { SpikeTrains } from '../../../events/spike-trains.js'
import { nextDown } from '../../../numerics/neighbours.js'
import { integer, real } from '../../models/memory.js'
import type { ParameterLayout } from '../../parameters/parameter-layout.js'
import type { Synapses } from '../../parameters/synapses.js'
import type { Pulse } from '../../pulse.js'
import type { ArrivalQueues } from '../../timeline/arrival-queues.js'
import type { Arrivals } from '../../timeline/arrivals.js'
import type { KernelOptions } from '../kernel-options.js'
import type { GroupTraffic } from './group-traffic.js'
import type { KernelRun } from './kernel-run.js'

/** One `advance`: the instant it started from and the first tape record it wrote. */
export interface Step {
  readonly start: number
  readonly firstRecord: number
}

/** What the forward and the backward pass of one run work on. */
export interface KernelPass {
  readonly run: KernelRun
  readonly options: KernelOptions
  readonly pulse: Pulse
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly arrivals: ArrivalQueues
  /** The steps taken forward and not yet undone. */
  readonly steps: Step[]
  readonly traffic: GroupTraffic
}

/** Runs the neurons of a kernel forward, step by step: per trial, arrivals in event order between own events. */
export class ForwardPass {
  /** Everything before this instant has happened. */
  reached: number
  private readonly pass: KernelPass

  constructor(pass: KernelPass, start: number) {
    this.pass = pass
    this.reached = start
  }

  /** See `GroupKernel.advance`. */
  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const { run, options, arrivals, pulse, steps } = this.pass
    const { neurons } = run
    const { trials, until, gradients, whole } = options
    const firstRecord = neurons.beginStep(gradients ? 'kept' : 'dropped')
    const starts = new Int32Array(trials + 1)
    const last = nextDown(Math.min(spikesBefore, until))
    for (let trial = 0; trial < trials; trial++) {
      pulse.beat()
      const slot = whole ? 0 : trial
      if (whole) neurons.reset(slot)
      this.advanceTrial(slot, trial, arrivals.forward(trial), { arrivalsBefore, last })
      if (arrivalsBefore >= until) this.finishTrial(slot, trial, until)
      starts[trial + 1] = neurons.stepCount
    }
    arrivals.markQueued(arrivalsBefore)
    if (gradients) steps.push({ start: this.reached, firstRecord })
    this.pass.traffic.forward(this.pass)
    this.reached = arrivalsBefore
    return neurons.emit(starts)
  }

  /** See `GroupKernel.nextEvent`. */
  nextEvent(): number {
    const { run, options, arrivals, layout, pulse } = this.pass
    let next = Infinity
    for (let trial = 0; trial < options.trials; trial++) {
      pulse.beat()
      next = Math.min(next, arrivals.nextArrival(trial))
      for (let n = 0; n < layout.size; n++) next = Math.min(next, run.neurons.nextEvent(trial * layout.size + n, n))
    }
    arrivals.markQueued(this.reached)
    return next
  }

  private advanceTrial(
    slot: number,
    trial: number,
    queue: Arrivals,
    { arrivalsBefore, last }: { readonly arrivalsBefore: number; readonly last: number },
  ): void {
    const { run, synapses, layout, pulse } = this.pass
    const { neurons, memory } = run
    const { targets } = synapses
    const { size } = layout
    const { from, to } = queue.takeBefore(arrivalsBefore)
    const [state, record] = [slot * size, trial * size]
    const weights = run.parameters + layout.weights
    for (let k = from; k < to; k++) {
      pulse.count(1)
      const synapse = integer(queue.synapses, k)
      const n = integer(targets, synapse)
      const time = real(queue.times, k)
      neurons.settle(state + n, n, record + n, time)
      neurons.arrive(state + n, n, record + n, time, real(memory.f64, weights + synapse))
    }
    for (let n = 0; n < size; n++) {
      pulse.count(1)
      neurons.settle(state + n, n, record + n, last)
    }
  }

  private finishTrial(slot: number, trial: number, until: number): void {
    const { run, layout, pulse } = this.pass
    const { size } = layout
    for (let n = 0; n < size; n++) {
      pulse.count(1)
      run.neurons.finish(slot * size + n, n, trial * size + n, until)
    }
  }
}
