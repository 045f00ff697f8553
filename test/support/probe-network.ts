import { createRecorder } from '../../src/actors/group/recorder.js'
import type { RunLoss } from '../../src/actors/group/run.js'
import type { WiredPartition } from '../../src/actors/partition/wiring/wire-partition.js'
import type { Kernel } from '../../src/dynamics/kernels/kernel.js'
import { sumReturned } from '../../src/dynamics/kernels/returned-events.js'
import type { ParameterLayout } from '../../src/dynamics/parameters/parameter-layout.js'
import type { Afferent } from '../../src/dynamics/parameters/synapses.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { LinearLoss } from '../../src/learning/loss.js'
import type { Maxima, Trials } from '../../src/learning/session.js'
import type { Network } from '../../src/network/description/network.js'
import { components } from '../../src/network/graph/components.js'
import type { DelayShape, NetworkInstance } from '../../src/network/instance/instance.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { type EventSequence, eventSequence } from './event-sequence.js'
import { runWhole, wireWhole } from './wire-whole.js'

export const PROBE_KINDS = [
  'weights',
  'scalar delays',
  'delays per source',
  'delays per synapse',
  'thresholds',
  'adaptation steps',
  'biases',
  'time constants',
  'input times',
] as const
export type ProbeKind = (typeof PROBE_KINDS)[number]

export interface ProbeResult {
  /** Finite losses summed over trials, and the silent hinge. */
  readonly value: number
  readonly sequence: EventSequence
}

export interface ProbeGradient extends ProbeResult {
  readonly gradients: Readonly<Record<ProbeKind, Float64Array>>
}

/** Where one number lies: in a kernel's parameter vector, or among a source's spike times. */
interface Place {
  readonly home: { readonly kernel: Kernel } | { readonly source: string }
  readonly index: number
  readonly name: string
}

const DELAY_KINDS: Readonly<Record<Exclude<DelayShape, 'none'>, ProbeKind>> = {
  scalar: 'scalar delays',
  perSource: 'delays per source',
  perSynapse: 'delays per synapse',
}

/**
 * A wired network whose numbers can be moved between runs, one kind at a time: f(x) of a difference quotient.
 */
export class ProbeNetwork {
  private readonly wired: WiredPartition
  private readonly kernels: readonly Kernel[]
  private readonly described: NetworkInstance
  private readonly recurrent: ReadonlySet<string>
  private readonly places: Readonly<Record<ProbeKind, readonly Place[]>>
  private trials: Trials
  private readonly loss: RunLoss

  constructor(network: Network, trials: Trials, loss: RunLoss) {
    this.loss = loss
    this.trials = trials
    const instance = instantiate(network, 0)
    this.wired = wireWhole(network)
    this.kernels = this.wired.kernels
    this.described = instance
    const parts = components(instance).filter(({ cyclic }) => cyclic)
    const onCycle = instance.projections.filter(({ source, target }) =>
      parts.some(({ groups }) => groups.includes(source) && groups.includes(target)),
    )
    this.recurrent = new Set(onCycle.map(({ key }) => key))
    this.places = placesOf(instance, this.kernels, trials)
  }

  /** Whether a cycle of several groups runs event by event, because spikes may cross it in no time. */
  get runsEventByEvent(): boolean {
    return this.wired.groups.some(({ component }) => component.kernels.length > 1)
  }

  /** The described network with the delays that the kernels have now, wherever their memory has moved to. */
  private get instance(): NetworkInstance {
    return withLiveDelays(this.described, this.kernels)
  }

  close(): void {
    this.wired.close()
  }

  /** The numbers of a kind that synapses or neurons use; `nameOf` says which is which. */
  values(kind: ProbeKind): Float64Array {
    return Float64Array.from(this.places[kind], (place) => this.arrayOf(place)[place.index]!)
  }

  nameOf(kind: ProbeKind, index: number): string {
    return this.places[kind][index]!.name
  }

  /** Moves every number of a kind. */
  move(kind: ProbeKind, values: Float64Array): void {
    if (kind === 'input times') {
      const inputs = Object.entries(this.trials.inputs).map(([name, trains]) => {
        return [name, { ...trains, times: trains.times.slice() }] as const
      })
      this.trials = { ...this.trials, inputs: Object.fromEntries(inputs) }
    }
    this.places[kind].forEach((place, k) => {
      this.arrayOf(place)[place.index] = values[k]!
    })
    for (const kernel of this.kernels) kernel.parametersChanged()
  }

  /** The loss at other numbers of one kind; the network is left as it was. */
  async probe(kind: ProbeKind, values: Float64Array): Promise<ProbeResult> {
    const before = this.values(kind)
    this.move(kind, values)
    try {
      return await this.run(false)
    } finally {
      this.move(kind, before)
    }
  }

  async gradient(options: { readonly stopAfterFirst?: boolean } = {}): Promise<ProbeGradient> {
    const result = await this.run(true, options.stopAfterFirst)
    const found = new Map(this.kernels.map((kernel) => [kernel, kernel.finishGradient()]))
    const inputs = new Map(
      this.wired.sources.map(({ name, returned }) => {
        return [name, sumReturned(this.trials.inputs[name]?.times.length ?? 0, returned())]
      }),
    )
    const entries = PROBE_KINDS.map((kind) => {
      const gradient = Float64Array.from(this.places[kind], ({ home, index }) => {
        return ('kernel' in home ? found.get(home.kernel) : inputs.get(home.source))![index]!
      })
      return [kind, gradient] as const
    })
    return { ...result, gradients: Object.fromEntries(entries) as ProbeGradient['gradients'] }
  }

  private async run(gradients: boolean, stopAfterFirst = false): Promise<ProbeResult> {
    const { trials, loss } = this
    const streams = [...this.wired.sources, ...this.wired.groups].map(({ spikes$ }) => spikes$)
    const spiking = this.instance.groups.filter(({ kind }) => kind !== 'li')
    const recorders = spiking.map(({ name }) => createRecorder(streams, name, trials))
    // The maxima of silent neurons are kept for a backward pass only.
    const backward = gradients || this.kernels.some(({ values }) => this.hingeOf(values.name) !== 0)
    // A probe may change the number of spikes, which the loss actor refuses for good.
    const linear = loss.loss.kind === 'linear' && !backward ? loss.loss : null
    const run = {
      trials,
      loss: linear ? null : loss,
      gradients: backward,
      inputTimes: backward,
      biasGradient: backward,
      tauGradient: backward,
      stopAfterFirst,
      undefinedSlope: 'refuse',
    } as const
    await runWhole(this.wired, run)
    for (const recorder of recorders) recorder.stop()
    const spikes = Object.fromEntries(spiking.map(({ name }, k) => [name, recorders[k]!.trains()]))
    const tracked = this.kernels.filter(({ values }) => values.kind === 'li' || this.hingeOf(values.name) !== 0)
    const maxima = Object.fromEntries(tracked.map((kernel) => [kernel.values.name, kernel.maxima()]))
    const trace = { trials: trials.count, until: trials.until, spikes, maxima, observed: loss.loss.group }
    const explicit = linear
      ? linearLoss(linear, spikes[linear.group]!)
      : (this.wired.loss.outcome()?.losses ?? []).reduce<number>((sum, value) => sum + (value ?? 0), 0)
    return {
      value: explicit + this.hinge(spikes, maxima),
      sequence: eventSequence(this.instance, trace, this.recurrent),
    }
  }

  private hingeOf(group: string): number {
    const { silentHinge, silentLabelHinge, loss } = this.loss
    return (silentHinge[group] ?? 0) + (group === loss.group ? silentLabelHinge : 0)
  }

  /** strength · max(0, threshold - vMax), summed over silent neurons and trials. */
  private hinge(spikes: Readonly<Record<string, SpikeTrains>>, maxima: Readonly<Record<string, Maxima>>): number {
    const { silentHinge, silentLabelHinge, loss, labels } = this.loss
    let sum = 0
    for (const { values, parameters, layout } of this.kernels) {
      const peaks = maxima[values.name]?.values
      if (values.kind === 'li' || peaks === undefined) continue
      const { offsets, units } = spikes[values.name]!
      for (let trial = 0; trial < this.trials.count; trial++) {
        const active = new Set(units.subarray(offsets[trial], offsets[trial + 1]))
        for (let unit = 0; unit < values.size; unit++) {
          if (active.has(unit)) continue
          const isLabel = values.name === loss.group && labels?.[trial] === unit
          const strength = (silentHinge[values.name] ?? 0) + (isLabel ? silentLabelHinge : 0)
          sum += strength * Math.max(0, parameters[layout.threshold + unit]! - peaks[trial * values.size + unit]!)
        }
      }
    }
    return sum
  }

  private arrayOf({ home }: Place): Float64Array {
    return 'kernel' in home ? home.kernel.parameters : this.trials.inputs[home.source]!.times
  }
}

/** sum of c_k t_k over each trial; NaN for other numbers of spikes. */
function linearLoss({ coefficients }: LinearLoss, { offsets, times }: SpikeTrains): number {
  let sum = 0
  for (let trial = 0; trial + 1 < offsets.length; trial++) {
    const spikes = times.subarray(offsets[trial], offsets[trial + 1])
    if (spikes.length !== coefficients.length) return Number.NaN
    sum += coefficients.reduce((part, coefficient, k) => part + coefficient * spikes[k]!, 0)
  }
  return sum
}

function withLiveDelays(instance: NetworkInstance, kernels: readonly Kernel[]): NetworkInstance {
  const projections = instance.projections.map((projection) => {
    const kernel = kernels.find(({ values }) => values.name === projection.target)!
    const { delayBase, delayCount } = kernel.synapses.afferents.find(({ key }) => key === projection.key)!
    return { ...projection, delays: kernel.delays.subarray(delayBase, delayBase + delayCount) }
  })
  return { ...instance, projections }
}

function addSynapses(
  { projections }: NetworkInstance,
  { key, base, count, delayBase, delayCount, delayShape }: Afferent,
  layout: ParameterLayout,
  add: (kind: ProbeKind, name: string, index: number) => void,
): void {
  const { absent } = projections.find((projection) => projection.key === key)!
  for (let s = 0; s < count; s++) if (absent?.[s] !== 1) add('weights', `${key} weight ${s}`, layout.weights + base + s)
  if (delayShape === 'none') return
  for (let d = 0; d < delayCount; d++)
    if (delayShape !== 'perSynapse' || absent?.[d] !== 1)
      add(DELAY_KINDS[delayShape], `${key} delay ${d}`, layout.delays + delayBase + d)
}

function placesOf(
  instance: NetworkInstance,
  kernels: readonly Kernel[],
  trials: Trials,
): Record<ProbeKind, readonly Place[]> {
  const places = Object.fromEntries(PROBE_KINDS.map((kind) => [kind, []])) as unknown as Record<ProbeKind, Place[]>
  for (const kernel of kernels) {
    const { layout, synapses, values } = kernel
    const add = (kind: ProbeKind, name: string, index: number) => {
      places[kind].push({ home: { kernel }, index, name })
    }
    for (const afferent of synapses.afferents) addSynapses(instance, afferent, layout, add)
    for (const { field, at, count } of layout.taus)
      for (let k = 0; k < count; k++) add('time constants', `${values.name} ${field} ${k}`, at + k)
    for (let n = 0; n < values.size; n++) {
      add('biases', `${values.name}[${n}] bias`, layout.bias + n)
      if (values.kind === 'li') continue
      add('thresholds', `${values.name}[${n}] threshold`, layout.threshold + n)
      add('adaptation steps', `${values.name}[${n}] adaptStep`, layout.adaptStep + n)
    }
  }
  for (const [source, { times }] of Object.entries(trials.inputs))
    for (let k = 0; k < times.length; k++)
      places['input times'].push({ home: { source }, index: k, name: `${source} spike ${k}` })
  return places
}
