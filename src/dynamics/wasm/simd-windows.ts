import { entryOf } from '../../events/by-name.js'
import { noSpikes } from '../../events/no-spikes.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { nextDown } from '../../numerics/neighbours.js'
import type { KernelMaxima } from '../kernel.js'
import type { KernelOptions } from '../kernel-options.js'
import type { KernelState } from '../kernel-state.js'
import { RUNAWAY_STRETCH } from '../neuron-faults.js'
import { RecentSpikes } from '../recent-spikes.js'
import { BYTES } from './kernel-bytes.js'
import { LaneStates } from './lane-states.js'
import { mostInTrial } from './most-in-trial.js'
import type { OctetEngine } from './octet-engine.js'
import { emitSpikes, runForward, takeTapes } from './octet-forward.js'
import { OCTET } from './octet-layout.js'
import { type PlanFields, writePlan } from './plan.js'
import { PEAK_BYTES, readMaxima } from './read-maxima.js'
import { WindowArrivals } from './window-arrivals.js'

/**
 * A run of a SIMD kernel in windows, forward. Between two of them stays where the neurons stand, and what has not arrived;
 * no bit depends on where one window ends and the next begins.
 */
export class SimdWindows {
  private readonly engine: OctetEngine
  private readonly options: KernelOptions
  private readonly arrivals: WindowArrivals
  private readonly recent: RecentSpikes
  private readonly states: LaneStates
  /** Addresses; 0: none. */
  private readonly tables: { readonly spikeCounts: number; readonly peaks: number }
  /** What belongs to one window begins here. */
  private readonly windows: number
  private reached: number

  /** @param start of the first window, in ms; after 0 `resume` follows */
  constructor(engine: OctetEngine, options: KernelOptions, start = 0) {
    const { trials, until } = options
    const { memory, places, group } = engine
    const { inputs, synapses, values, layout } = group
    const parameters = memory.f64.slice(places.parameters / 8, places.parameters / 8 + layout.length)
    const delays = parameters.subarray(layout.delays, layout.bias)
    engine.forgetRun()
    this.engine = engine
    this.options = options
    this.reached = start
    this.arrivals = new WindowArrivals({
      ...{ inputs, synapses, delays, trials, until },
      ...{ firstRow: places.firstRow, since: start },
    })
    this.recent = new RecentSpikes(inputs, synapses.reachOf(delays))
    this.states = new LaneStates(engine, trials)
    const lanes = OCTET * places.octets * trials
    const hasPeaks = values.kind === 'li'
    this.tables = { spikeCounts: memory.takeZeros(4 * lanes), peaks: hasPeaks ? memory.take(PEAK_BYTES * lanes) : 0 }
    this.windows = memory.mark()
  }

  resume({ columns, inFlight }: KernelState): void {
    const { inputs } = this.engine.group
    this.states.restore(columns)
    for (const [projection, key] of new Map(inputs.map((input) => [input.projection, input.key]))) {
      const spikes = entryOf(inFlight, key) ?? noSpikes(this.options.trials)
      for (const { input, batch } of this.recent.split(projection, this.reached, spikes)) this.receive(input, batch)
    }
  }

  saveState(): KernelState {
    const { inputs } = this.engine.group
    const inFlight = inputs.map(({ projection, key }): [string, SpikeTrains] => {
      return [key, this.recent.inFlight(projection, this.reached, this.options.trials)]
    })
    return { columns: this.states.save(), inFlight: Object.fromEntries(inFlight) }
  }

  receive(input: number, batch: SpikeBatch): void {
    this.arrivals.receive(input, batch)
    if (this.options.segmented === true) this.recent.receive(input, batch)
  }

  advance(arrivalsBefore: number, spikesBefore: number): SpikeTrains {
    const { engine, options, states } = this
    const { memory, traffic, group } = engine
    const { trials, until } = options
    memory.release(this.windows)
    this.write({
      ...{ trials, until, horizon: Math.min(arrivalsBefore, until) },
      lastSpike: nextDown(Math.min(spikesBefore, until)),
      runawayStretch: options.segmented === true ? RUNAWAY_STRETCH : Number.POSITIVE_INFINITY,
      stopsAfterFirst: Number(options.stopAfterFirst),
      ...{ wantsTaus: 0, tauFactors: 0, integrals: 0 },
      ...this.tables,
      ...states.fields(),
    })
    this.prepare(arrivalsBefore)
    const tapes = takeTapes(engine, trials)
    this.write(tapes)
    runForward(engine, tapes.tapes)
    states.turn()
    traffic.forward(true)
    this.reached = arrivalsBefore
    if (options.segmented === true) this.recent.forget(arrivalsBefore)
    return group.values.kind === 'li' ? noSpikes(trials) : emitSpikes(engine, trials, (fields) => this.write(fields))
  }

  /** Brings what arrives before a horizon into order. */
  private prepare(horizon: number): void {
    const { engine, options } = this
    const { trials } = options
    const { memory } = engine
    const { offsets, times, rows, slots } = this.arrivals.take(horizon)
    const count = times.length
    const inputs = memory.take(BYTES.input)
    const addresses = [memory.copy(times), memory.copy(rows), memory.copy(offsets)]
    memory.i32.set([...addresses, 0, 0, 0, 0, memory.copy(slots)], inputs / 4)
    this.write({
      ...{ slots: count, inputCount: 1, inputs },
      instants: memory.take(BYTES.instant * (count + 2 * trials)),
      instantRanges: memory.take(8 * trials),
      arrivals: memory.take(BYTES.arrival * count),
      ...engine.takeEventRoom(mostInTrial([{ offsets }], trials)),
    })
    engine.work('prepare', trials)
  }

  /** The next arrival or own event if nothing else is received. */
  nextEvent(): number {
    return Math.min(this.arrivals.next(), this.states.nextCrossing())
  }

  maxima(): KernelMaxima {
    const { memory, group, places } = this.engine
    const shape = { octets: places.octets, size: group.values.size, trials: this.options.trials }
    const count = shape.trials * shape.size
    if (this.tables.peaks === 0) return { values: new Float64Array(count), times: new Float64Array(count) }
    const biases = memory.f64.subarray(places.parameters / 8 + group.layout.bias)
    return readMaxima(memory, this.tables.peaks, shape, biases)
  }

  isSilent(trial: number, n: number): boolean {
    const { memory, places } = this.engine
    return memory.i32[this.tables.spikeCounts / 4 + OCTET * places.octets * trial + n] === 0
  }

  private write(fields: PlanFields): void {
    writePlan(this.engine.memory, fields)
  }
}
