import { LifNeurons } from '../../models/lif.js'
import type { ParameterLayout } from '../../parameters/parameter-layout.js'
import type { Synapses } from '../../parameters/synapses.js'
import { TRIAL_CHUNK } from '../../parameters/trial-sum.js'
import type { ArrivalQueues } from '../../timeline/arrival-queues.js'
import type { TrialGradients } from '../../timeline/trial-gradients.js'
import { TrafficCounter, type VerbCount } from '../../traffic/memory-traffic.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelRun } from './kernel-run.js'

/** What the passes of a run work on. */
export interface CountedPass {
  readonly run: KernelRun
  readonly options: KernelOptions
  readonly synapses: Synapses
  readonly layout: ParameterLayout
  readonly arrivals: ArrivalQueues
}

/** What the backward pass adds up by itself: arrivals whose adjoint is not 0, and those of them with own delays. */
export interface SentEvents {
  readonly events: number
  readonly delaysPerSynapse: number
}

/**
 * What the reference kernel reads and writes, from how often it did what. Doubles are 8 bytes, numbers of things 4; of
 * a neuron that is looked at again by the same event every word counts once.
 */
export class GroupTraffic {
  readonly counter = new TrafficCounter()

  total() {
    return this.counter.total()
  }

  /** The parameters are copied to where the run finds them. */
  begin({ synapses }: CountedPass): void {
    this.counter.update('weights', synapses.count, 8)
  }

  /** Takes what a pass has counted forward since it was asked last. */
  forward(pass: CountedPass): void {
    const { counter } = this
    const { neurons, peaks } = pass.run
    const { resets, flows, decays, adaptations, arrivals, spikes, ends } = neurons.takeCount()
    this.queued(pass, arrivals)
    counter.read('weights', arrivals, 8)
    // Arrivals: the time of the last event, a current, the number of arrivals.
    counter.read('state', 20 * arrivals + 24 * flows + 16 * decays + 8 * adaptations, 1)
    counter.write('state', 20 * arrivals + 24 * flows + 16 * decays + 8 * adaptations + 32 * resets, 1)
    if (peaks !== null) {
      const { looks, passed, notes } = peaks.takeCount()
      counter.read('tape', looks + notes, 8)
      counter.write('tape', notes, 32)
      // V and the currents; on arrivals V, and twice what the slope is made of.
      counter.read('state', 24 * looks + 56 * passed, 1)
    }
    if (pass.run.integrals !== undefined) this.counter.update('state', arrivals, 8)
    if (!(neurons instanceof LifNeurons)) return
    const { recordBytes, endBytes } = neurons.tape
    // After every own event the time of the next spike is looked for in all of the state, and noted.
    counter.read('state', arrivals + spikes + ends, 56)
    counter.write('state', arrivals + spikes + ends, 8)
    counter.read('state', 40 * spikes + 24 * ends, 1)
    counter.write('state', 40 * spikes + 16 * ends + 28 * resets, 1)
    // A record; its time read and its place noted when the spikes are put in order.
    counter.write('tape', (recordBytes + 4) * spikes + endBytes * ends, 1)
    counter.read('tape', spikes, 8)
    counter.write('spikes', spikes, 12)
  }

  /** The same backward. */
  backward(pass: CountedPass, returned: TrialGradients, sent: SentEvents): void {
    const { counter } = this
    const { adjoint, neurons } = pass.run
    const { resets, flows, arrivals, spikes, ends } = adjoint.takeCount()
    this.queued(pass, arrivals)
    counter.read('weights', arrivals, 8)
    if (pass.run.integrals === undefined) {
      // Arrivals: whether the adjoint is 0, and how many are left.
      counter.read('state', 28 * arrivals + 32 * flows + 4 * resets, 1)
      counter.write('state', 4 * arrivals + 32 * flows + 36 * resets, 1)
      if (pass.run.shape.tauGradient) this.taus(flows, sent.events, { spikes, ends, resets })
    } else this.integrals(pass, arrivals)
    // Flows add to the bias, arrivals to weights and delays.
    counter.update('gradients', flows + sent.events + sent.delaysPerSynapse, 8)
    const rows = sent.events + returned.takeCount()
    counter.update('spikes', rows, 8)
    if (!(neurons instanceof LifNeurons)) return
    const { recordBytes, endBytes } = neurons.tape
    counter.read('tape', recordBytes * spikes + endBytes * ends, 1)
    counter.read('spikes', spikes, 8)
    counter.read('state', 32 * spikes + 8 * ends + 4 * resets, 1)
    counter.write('state', 40 * spikes + 20 * ends + 32 * resets, 1)
    // Threshold and step of the adaptation.
    counter.update('gradients', spikes, 16)
  }

  /** Backward qU and of each current q and z, beside the adjoint; whatever gives the state a value adds to the gradient. */
  private taus(
    flows: number,
    events: number,
    { spikes, ends, resets }: Pick<VerbCount, 'spikes' | 'ends' | 'resets'>,
  ): void {
    this.counter.write('state', resets, 48)
    this.counter.update('state', flows, 40)
    this.counter.read('state', events, 16)
    this.counter.update('gradients', events, 16)
    this.counter.update('state', spikes + ends, 8)
    this.counter.update('gradients', spikes + ends, 8)
    // The adaptation, and what raises it.
    this.counter.update('state', spikes, 8)
    this.counter.update('gradients', spikes, 8)
  }

  /** Backward from integrals: dL/d(integral) at every arrival. */
  private integrals({ run }: CountedPass, arrivals: number): void {
    this.counter.read('state', arrivals, 8)
    if (run.shape.tauGradient) this.counter.update('gradients', arrivals, 16)
  }

  /** Gradients of a trial each were added up in the order of `TrialSum`; shared delays, which slices share, left out. */
  finish({ options: { trials }, synapses, layout }: CountedPass): void {
    const own = synapses.afferents.reduce((sum, afferent, p) => {
      const isOwn = afferent.delayShape === 'perSynapse'
      return sum + (isOwn ? (synapses.afferents[p + 1]?.base ?? synapses.count) - afferent.base : 0)
    }, 0)
    const chunks = Math.ceil(trials / TRIAL_CHUNK)
    // Every chunk but the first of a subtree is added to another one: as often as there are chunks before it is done.
    const merges = Math.max(0, chunks - 1)
    const length = synapses.count + own + 3 * layout.size
    this.counter.read('gradients', length * (2 * trials + chunks + 2 * merges + 2), 8)
    this.counter.write('gradients', length * (2 * trials + 2 * chunks + merges + 3), 8)
  }

  /** Arrivals in the order of events: time, synapse and spike, written once and read once; the delays they are made of. */
  private queued({ arrivals: queues }: CountedPass, arrivals: number): void {
    this.counter.update('spikes', arrivals, 16)
    this.counter.read('weights', queues.takeDelayCount(), 8)
  }
}
