import { entryOf } from '../../events/by-name.js'
import { InternalError } from '../../events/errors.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { deriveConstants } from '../equations/derive-constants.js'
import { FactorCache } from '../equations/factor-cache.js'
import { Membrane } from '../equations/membrane.js'
import { DECAY_EXC, DECAY_INH, DECAY_MEM, DECAY_MEM_M1, KAPPA_EXC, KAPPA_INH } from '../equations/propagator.js'
import type { TimeConstants } from '../equations/time-constants.js'
import type { TauValues } from '../parameters/tau-values.js'
import { Pulse } from '../pulse.js'
import { VerbCount } from '../traffic/memory-traffic.js'
import { integer, type Memory, real } from './memory.js'

/** The time constants of every neuron; neurons with the same ones share an object. */
export function constantsOf({ tauMem: membrane, tauSynExc, tauSynInh, tauAdapt: adapt }: TauValues) {
  const known = new Map<string, TimeConstants>()
  return Array.from(membrane, (tauMem, n): TimeConstants => {
    const exc = tauSynExc[n] as number
    const inh = tauSynInh[n] as number
    const tauAdapt = adapt[n] as number
    const key = `${tauMem} ${exc} ${inh} ${tauAdapt}`
    const constants = known.get(key) ?? deriveConstants(tauMem, exc, inh, tauAdapt)
    known.set(key, constants)
    return constants
  })
}

/** What neurons need to know of a run. */
export interface NeuronOptions {
  /** Neurons stay silent after their first spike. */
  readonly stopAfterFirst: boolean
  /** See `KernelOptions`. */
  readonly segmented: boolean
  readonly spikeLimit: number
  readonly firstTrial: number
  readonly pulse: Pulse
}

/** Quantities of neurons by name, one number per entry. */
export type StateColumns = Readonly<Record<string, Float64Array>>

/**
 * The state that LIF neurons and LI readouts share, one entry per (resident trial, neuron): V, I per current, and the
 * time of the neuron's last own event.
 *
 * State is advanced only at the neuron's own events. Entry i = slot · size + n, record = trial · size + n. The verbs are
 * those of `LifNeurons`; what a neuron without a threshold has no use for does nothing here.
 */
export abstract class Neurons {
  readonly size: number
  readonly constants: readonly TimeConstants[]
  protected readonly memory: Memory
  protected readonly v: number
  protected readonly iExc: number
  protected readonly iInh: number
  protected readonly last: number
  protected readonly entries: number
  protected readonly records: number
  protected readonly slots: number
  protected readonly trials: number
  /** Arrivals of each (trial, neuron) so far. */
  private readonly arrived: number
  protected readonly bias: number
  /** Scratch: the one membrane that closed-form questions are put to. */
  protected readonly membrane: Membrane
  protected readonly factors = new FactorCache()
  protected pulse = new Pulse()
  protected done = new VerbCount()

  /** @param bias offset of the per-neuron bias in the memory */
  constructor(
    memory: Memory,
    constants: readonly TimeConstants[],
    { slots, trials }: { slots: number; trials: number },
    bias: number,
  ) {
    this.memory = memory
    this.constants = constants
    this.size = constants.length
    this.slots = slots
    this.trials = trials
    this.entries = slots * this.size
    this.v = memory.reals(this.entries)
    this.iExc = memory.reals(this.entries)
    this.iInh = memory.reals(this.entries)
    this.last = memory.reals(this.entries)
    this.records = trials * this.size
    this.arrived = memory.integers(this.records)
    this.bias = bias
    this.membrane = new Membrane(constants[0] as TimeConstants)
  }

  /** Starts a run; nothing of an earlier one remains. */
  begin({ pulse }: NeuronOptions): void {
    this.pulse = pulse
    this.memory.i32.fill(0, this.arrived, this.arrived + this.records)
  }

  /** Puts a slot at rest at t = 0: V = I = A = 0. */
  reset(slot: number): void {
    this.done.resets += this.size
    const { f64 } = this.memory
    const from = slot * this.size
    for (const region of [this.v, this.iExc, this.iInh, this.last])
      f64.fill(0, region + from, region + from + this.size)
  }

  /** How often what was done since this was asked last. */
  takeCount(): VerbCount {
    const { done } = this
    this.done = new VerbCount()
    return done
  }

  /** Where the quantities lie that make up the state; everything else follows from them. */
  protected stateRegions(): Readonly<Record<string, number>> {
    return { voltage: this.v, excitatory: this.iExc, inhibitory: this.iInh, lastEvent: this.last }
  }

  /** A copy of the state of every entry. */
  saveState(): StateColumns {
    const { f64 } = this.memory
    const regions = Object.entries(this.stateRegions())
    return Object.fromEntries(regions.map(([name, at]) => [name, f64.slice(at, at + this.entries)]))
  }

  /** Puts every entry where `saveState` has found it; call after `begin` and `reset`. */
  restoreState(columns: StateColumns): void {
    for (const [name, at] of Object.entries(this.stateRegions())) {
      const column = entryOf(columns, name)
      if (column?.length !== this.entries)
        throw new InternalError(`A state has ${column?.length} numbers "${name}" for ${this.entries} neurons.`)
      this.memory.f64.set(column, at)
    }
  }

  /** From here on spikes count to a new step; returns its first tape record. */
  beginStep(_tape: 'kept' | 'dropped'): number {
    return 0
  }

  /** Spikes of the present step so far. */
  get stepCount(): number {
    return 0
  }

  /** Runs every own event up to and including time `last`. */
  settle(_i: number, _n: number, _record: number, _last: number): void {}

  /** An arrival; every own event up to `time` has been settled. */
  abstract arrive(i: number, n: number, record: number, time: number, weight: number): void

  /** The rest of the trial after the last event. */
  abstract finish(i: number, n: number, record: number, until: number): void

  /** The next own event if no arrival comes before it. */
  nextEvent(_i: number, _n: number): number {
    return Infinity
  }

  /** Whether a neuron that could fire has not, in a trial. */
  isSilent(_record: number): boolean {
    return false
  }

  /** The spikes of the present step in event order; see `emitSpikes`. */
  emit(starts: Int32Array): SpikeTrains {
    return noSpikes(starts.length - 1)
  }

  arrivals(record: number): number {
    return integer(this.memory.i32, this.arrived + record)
  }

  /** V and I over d ms of free course. */
  protected flow(i: number, n: number, d: number): void {
    const { f64 } = this.memory
    this.done.flows++
    const f = this.factors.get(this.constants[n] as TimeConstants, d)
    const iExc = real(f64, this.iExc + i)
    const iInh = real(f64, this.iInh + i)
    const decayed = real(f64, this.v + i) * real(f, DECAY_MEM) - real(f64, this.bias + n) * real(f, DECAY_MEM_M1)
    f64[this.v + i] = decayed + real(f, KAPPA_EXC) * iExc + real(f, KAPPA_INH) * iInh
    f64[this.iExc + i] = iExc * real(f, DECAY_EXC)
    f64[this.iInh + i] = iInh * real(f, DECAY_INH)
  }

  /**
   * The jump of an arrival: the sign of the weight picks the current; at 0 the excitatory side counts. Without a current V
   * jumps.
   */
  protected jump(i: number, n: number, record: number, time: number, weight: number): void {
    this.done.arrivals++
    const { f64, i32 } = this.memory
    const { isInstant, split } = this.constants[n] as TimeConstants
    const current = weight >= 0 || !split ? this.iExc : this.iInh
    const region = isInstant ? this.v : current
    f64[region + i] = real(f64, region + i) + weight
    f64[this.last + i] = time
    i32[this.arrived + record] = integer(i32, this.arrived + record) + 1
  }

  /** Loads the membrane with a neuron's state. */
  protected load(i: number, n: number): Membrane {
    const { f64 } = this.memory
    const m = this.membrane
    m.constants = this.constants[n] as TimeConstants
    m.v = real(f64, this.v + i)
    m.iExc = real(f64, this.iExc + i)
    m.iInh = real(f64, this.iInh + i)
    m.bias = real(f64, this.bias + n)
    return m
  }

  /** V' in 1/ms of a neuron's present state. */
  protected slope(i: number, n: number): number {
    const { f64 } = this.memory
    const drive = real(f64, this.iExc + i) + real(f64, this.iInh + i) + real(f64, this.bias + n)
    const { leak, tauDrive } = this.constants[n] as TimeConstants
    return (drive - leak * real(f64, this.v + i)) / tauDrive
  }
}
