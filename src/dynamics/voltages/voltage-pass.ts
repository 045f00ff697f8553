import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { Window } from '../../events/window.js'
import { isSpiking } from '../../network/models/models.js'
import type { Kernel } from '../kernels/kernel.js'
import type { KernelOptions } from '../kernels/kernel-options.js'
import { PerturbedInputs } from '../kernels/perturbed-inputs.js'
import { integer, real } from '../models/memory.js'
import { constantsOf } from '../models/neurons.js'
import { tausIn } from '../parameters/tau-values.js'
import { Pulse } from '../pulse.js'
import { ArrivalQueues } from '../timeline/arrival-queues.js'
import type { Arrivals } from '../timeline/arrivals.js'
import { sampleTimes } from './sample-times.js'
import type { SomeSynapses } from './some-synapses.js'
import { VoltageTrajectory } from './voltage-trajectory.js'

/**
 * The voltages of some neurons of a kernel, worked out once more beside it: from the batches that it received, the spikes
 * that it emitted and the parameters that it has. The kernel, whichever it is, learns nothing of it.
 */
export class VoltagePass {
  private readonly kernel: Kernel
  private readonly own: SomeSynapses
  private readonly inputs: PerturbedInputs
  private readonly arrivals: ArrivalQueues
  private readonly options: KernelOptions
  /** By trial and neuron. */
  private readonly courses: readonly (readonly VoltageTrajectory[])[]

  /**
   * At rest at 0.
   *
   * @param own the synapses of these neurons
   * @param options of the run, as the kernel was given them
   */
  constructor(kernel: Kernel, own: SomeSynapses, options: KernelOptions) {
    this.kernel = kernel
    this.options = options
    this.own = own
    const { synapses } = this.own
    const quiet = { ...options, gradients: false }
    this.inputs = new PerturbedInputs(kernel.inputs, () => synapses)
    this.inputs.begin(quiet)
    const { trials, until } = options
    this.arrivals = new ArrivalQueues(synapses, kernel.inputs, 0)
    this.arrivals.followDelays(own.delays())
    this.arrivals.begin({ trials, until, whole: false, gradients: false }, new Pulse(options.beat))
    const courses = this.parametersOf()
    this.courses = Array.from({ length: trials }, () => courses.map((parameters) => new VoltageTrajectory(parameters)))
  }

  /** A batch that the kernel has received through one of its inputs. */
  receive(input: number, batch: SpikeBatch): void {
    this.arrivals.receive(input, this.inputs.perturb(input, batch))
  }

  /**
   * Goes through a window whose arrivals have all been received; windows follow one another. Gives V at the multiples of
   * `every` in it, row-major [trial][neuron][sample].
   *
   * @param spikes of the kernel in the window; units are numbers in the whole group
   */
  advance(spikes: SpikeTrains, window: Window, every: number): Float64Array {
    const times = sampleTimes(window, every)
    const values = new Float64Array(this.options.trials * this.own.neurons.length * times.length)
    this.arrivals.followDelays(this.own.delays())
    let row = 0
    this.courses.forEach((courses, trial) => {
      const queue = this.arrivals.forward(trial)
      const range = queue.takeBefore(window.end)
      courses.forEach((course, place) => {
        course.sampleAt(times, values.subarray(row, row + times.length))
        this.run(course, place, { queue, ...range }, this.spikesOf(spikes, trial, place))
        course.finish(window.end)
        row += times.length
      })
    })
    this.arrivals.markQueued()
    return values
  }

  /** Spikes at an instant precede its arrivals. */
  private run(
    course: VoltageTrajectory,
    place: number,
    { queue, from, to }: { readonly queue: Arrivals; readonly from: number; readonly to: number },
    spikes: readonly number[],
  ): void {
    const { synapses, weights } = this.own
    let next = 0
    const spikeUpTo = (time: number) => {
      for (; next < spikes.length && (spikes[next] as number) <= time; next++) course.spike(spikes[next] as number)
    }
    for (let k = from; k < to; k++) {
      const synapse = integer(queue.synapses, k)
      if (integer(synapses.targets, synapse) !== place) continue
      const time = real(queue.times, k)
      spikeUpTo(time)
      course.arrive(time, real(this.kernel.parameters, integer(weights, synapse)))
    }
    spikeUpTo(Infinity)
  }

  private spikesOf({ offsets, times, units }: SpikeTrains, trial: number, place: number): readonly number[] {
    const unit = this.kernel.values.start + (this.own.neurons[place] as number)
    const own: number[] = []
    for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++)
      if (units[k] === unit) own.push(times[k] as number)
    return own
  }

  private parametersOf() {
    const { kernel, options } = this
    const { values, layout, parameters } = kernel
    const constants = constantsOf(tausIn(parameters, layout))
    return Array.from(this.own.neurons, (n) => ({
      constants: constants[n] as (typeof constants)[number],
      bias: parameters[layout.bias + n] as number,
      vReset: isSpiking(values) ? (values.vReset[n] as number) : 0,
      refractory: isSpiking(values) ? (values.refractory[n] as number) : 0,
      stopAfterFirst: options.stopAfterFirst,
    }))
  }
}
