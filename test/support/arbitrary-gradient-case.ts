import fc from 'fast-check'
import { TRIAL_CHUNK } from '../../src/dynamics/parameters/trial-sum.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Loss } from '../../src/learning/loss.js'
import type { Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  perSource,
  perSynapse,
  type Synapse,
  synapses,
} from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { arbitraryTauBeside, between } from './arbitraries.js'

/** A network, a mini-batch of trials and a loss whose gradient is to be checked. */
export interface GradientCase {
  readonly network: Network
  readonly trials: Trials
  readonly labels: Uint8Array
  /** A linear loss has more coefficients than there are spikes. */
  readonly loss: Loss
  /** Numbers in [0, 1) that pick the entries to check. */
  readonly picks: readonly number[]
}

export interface GradientCaseRange {
  /** Cycles: none, some whose spikes take time, or some that spikes may cross in no time. */
  readonly cycles: 'none' | 'delayed' | 'immediate'
  /** What the loss looks at. */
  readonly readout: 'spikes' | 'voltage'
  /** Scale of the weights; default 1. */
  readonly drive?: number
  /** The hidden group has more than a block of 32 neurons: always, never, or (default) now and then. */
  readonly wide?: boolean
}

interface Layer {
  readonly name: string
  readonly size: number
  /** Weight that lifts V from 0 to a typical threshold with one spike. */
  readonly unitWeight: number
  readonly group: ReturnType<typeof lif> | ReturnType<typeof li> | ReturnType<typeof source>
}

type DelayRange = 'any' | 'positive' | 'mixed'

const list = <T>(entry: fc.Arbitrary<T>, length: number) => fc.array(entry, { minLength: length, maxLength: length })

/** Two or three layers that spike several times each. */
export function arbitraryGradientCase(range: GradientCaseRange): fc.Arbitrary<GradientCase> {
  return arbitraryLayers(range).chain((layers) => {
    const [input, output] = [layers[0] as Layer, layers.at(-1) as Layer]
    return fc
      .record({
        projections: arbitraryProjections(layers, range),
        trials: arbitraryCount(layers, range).chain((count) => list(arbitraryInput(input.size), count)),
        until: range.cycles === 'immediate' ? between(12, 20) : between(18, 28),
        labels: list(fc.nat({ max: output.size - 1 }), TRIAL_CHUNK + 1),
        loss: range.readout === 'voltage' ? fc.constant<Loss>({ kind: 'vMax', group: 'output' }) : arbitrarySpikeLoss,
        picks: list(between(0, 1 - 2 ** -20), 2),
      })
      .map(({ projections, trials, until, labels, loss, picks }): GradientCase => {
        const groups = Object.fromEntries(layers.map(({ name, group }) => [name, group]))
        return {
          network: defineNetwork({ groups, projections }),
          trials: { count: trials.length, until, inputs: { input: joined(trials) } },
          labels: Uint8Array.from(labels.slice(0, trials.length)),
          loss,
          picks,
        }
      })
  })
}

/** Now and then more than the trials of a chunk. */
function arbitraryCount(layers: readonly Layer[], { cycles }: GradientCaseRange): fc.Arbitrary<number> {
  if (layers.some(({ size }) => size > 32)) return fc.constant(1)
  // Cycles without delays run event by event, over all trials at once.
  if (cycles === 'immediate') return fc.integer({ min: 1, max: 2 })
  return fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
    { weight: 1, arbitrary: fc.constant(TRIAL_CHUNK + 1) },
  )
}

const arbitrarySpikeLoss: fc.Arbitrary<Loss> = fc.oneof(
  fc.record({
    kind: fc.constant('linear' as const),
    group: fc.constant('output'),
    coefficients: list(fc.oneof(between(0.2, 1), between(-1, -0.2)), 60),
  }),
  fc.record({
    kind: fc.constant('firstSpike' as const),
    group: fc.constant('output'),
    tau0: between(0.5, 5),
    alpha: fc.oneof(fc.constant(0), between(0.003, 0.1)),
    tau1: between(6, 20),
    smoothing: fc.constantFrom(0, 0.2),
  }),
  fc.record({
    kind: fc.constant('spikeCount' as const),
    group: fc.constant('output'),
    tau: between(5, 40),
    smoothing: fc.constantFrom(0, 0.2),
  }),
)

/** Input spikes at least 0.05 ms apart, so that moving one keeps their order. */
function arbitraryInput(units: number): fc.Arbitrary<readonly { time: number; unit: number }[]> {
  const step = fc.record({ gap: fc.oneof(between(0.05, 1), between(0.5, 4)), unit: fc.nat({ max: units - 1 }) })
  return fc.array(step, { minLength: 5, maxLength: 8 }).map((steps) => {
    let time = 0
    return steps.map(({ gap, unit }) => {
      time += gap
      return { time, unit }
    })
  })
}

function joined(trials: readonly (readonly { time: number; unit: number }[])[]): SpikeTrains {
  const spikes = trials.flat()
  const offsets = new Uint32Array(trials.length + 1)
  trials.forEach((trial, k) => {
    offsets[k + 1] = offsets[k]! + trial.length
  })
  return {
    offsets,
    times: Float64Array.from(spikes, ({ time }) => time),
    units: Uint32Array.from(spikes, ({ unit }) => unit),
  }
}

function arbitraryLayers({ cycles, readout, wide }: GradientCaseRange): fc.Arbitrary<readonly Layer[]> {
  const hidden = fc.oneof(
    { weight: wide === true ? 0 : 12, arbitrary: fc.integer({ min: 2, max: 4 }) },
    { weight: wide === false || cycles === 'immediate' ? 0 : 1, arbitrary: fc.integer({ min: 33, max: 36 }) },
  )
  return fc
    .record({ input: fc.integer({ min: 2, max: 3 }), hidden, deep: fc.option(fc.integer({ min: 2, max: 3 })) })
    .chain(({ input, hidden, deep }) =>
      fc.tuple(
        fc.constant<Layer>({ name: 'input', size: input, unitWeight: 1, group: source(input) }),
        arbitraryLif('hidden', hidden),
        ...(deep === null ? [] : [arbitraryLif('deep', deep)]),
        readout === 'voltage' ? arbitraryLi('output', 3) : arbitraryLif('output', 2),
      ),
    )
}

interface Constants {
  readonly tauMem: number
  readonly tauSynExc: number
  readonly tauSynInh: number
}

const arbitraryConstants: fc.Arbitrary<Constants> = between(5, 20).chain((tauMem) =>
  arbitraryTauBeside(tauMem)
    .filter((tau) => tau >= 2 && tau < 2 * tauMem)
    .chain((tauSynExc) => {
      const beside = arbitraryTauBeside(tauSynExc).filter((tau) => tau >= 1 && tau < 40)
      const tauSynInh = fc.oneof(fc.constant(tauSynExc), beside)
      return fc.record({ tauMem: fc.constant(tauMem), tauSynExc: fc.constant(tauSynExc), tauSynInh })
    }),
)

/** 1 / max kappa: x^{1 / (1 - x)} with x = tauSyn / tauMem. */
function unitWeightOf({ tauMem, tauSynExc }: Constants): number {
  const x = tauSynExc / tauMem
  return Math.abs(x - 1) < 1e-6 ? Math.E : x ** (-1 / (1 - x))
}

function synaptic({ tauSynExc, tauSynInh }: Constants) {
  return tauSynExc === tauSynInh ? { tauSyn: tauSynExc } : { tauSynExc, tauSynInh }
}

function arbitraryLif(name: string, size: number): fc.Arbitrary<Layer> {
  const rest = fc.record({
    threshold: list(between(0.7, 1.3), size),
    vReset: list(fc.oneof(fc.constant(0), between(-0.3, 0.4)), size),
    bias: fc
      .oneof(fc.constant(list(fc.constant(0), size)), fc.constant(list(between(-0.3, 0.9), size)))
      .chain((a) => a),
    refractory: fc.oneof(fc.constant(0), list(fc.oneof(fc.constant(0), between(0.4, 3)), size)),
    adaptStep: fc.oneof(fc.constant(0), list(between(0.05, 0.5), size)),
    tauAdapt: between(5, 60),
    spread: fc.constantFrom(0, 0.1),
  })
  return fc.tuple(arbitraryConstants, rest).map(([constants, { spread, ...quantities }]): Layer => {
    const tauMem = Array.from({ length: size }, (_, n) => constants.tauMem * (1 + (spread * n) / size))
    const group = lif(size, { ...quantities, tauMem, ...synaptic(constants) })
    return { name, size, unitWeight: unitWeightOf(constants), group }
  })
}

function arbitraryLi(name: string, size: number): fc.Arbitrary<Layer> {
  return fc
    .record({ constants: arbitraryConstants, bias: list(fc.oneof(fc.constant(0), between(-0.3, 0.3)), size) })
    .map(({ constants, bias }): Layer => {
      const group = li(size, { tauMem: constants.tauMem, bias, ...synaptic(constants) })
      return { name, size, unitWeight: unitWeightOf(constants), group }
    })
}

function arbitraryProjections(layers: readonly Layer[], range: GradientCaseRange): fc.Arbitrary<Connection[]> {
  const { cycles, drive = 1 } = range
  const forwardDelay: DelayRange = cycles === 'immediate' ? 'mixed' : 'any'
  const backDelay: DelayRange = cycles === 'immediate' ? 'mixed' : 'positive'
  const forward = layers.slice(1).map((target, k) => {
    const from = layers[k] as Layer
    // A hidden neuron spikes about as often as all inputs together.
    const weight = strongest(from, target, (k === 0 ? 0.8 : 0.5) * drive)
    const delay = k === 0 ? 'any' : forwardDelay
    return fc.array(arbitraryConnection(from, target, weight, delay), { minLength: 1, maxLength: 2 })
  })
  const spiking = layers.filter(({ group }) => group.kind === 'lif')
  const [hidden, last] = [spiking[0] as Layer, spiking.at(-1) as Layer]
  const back = (from: Layer, target: Layer) =>
    arbitraryConnection(from, target, strongest(from, target, 0.35 * drive), backDelay, 0.5)
  const loops: fc.Arbitrary<Connection[]> =
    cycles === 'none'
      ? fc.constant([])
      : fc.oneof(
          fc.tuple(back(hidden, hidden)),
          fc.tuple(back(last, hidden)),
          fc.tuple(back(last, hidden), back(hidden, hidden)),
        )
  return fc.tuple(...forward, loops).map((connections) => connections.flat())
}

/** The largest weight: x thresholds per spike from a pair, less from each of many sources. */
function strongest(from: Layer, target: Layer, x: number): number {
  return (x * target.unitWeight * 3) / Math.max(3, from.size)
}

function arbitraryConnection(
  from: Layer,
  target: Layer,
  strength: number,
  delay: DelayRange,
  excitatory = 0.75,
): fc.Arbitrary<Connection> {
  const weight = fc.oneof(
    { weight: 4 * excitatory, arbitrary: between(0.25 * strength, strength) },
    { weight: 4 * (1 - excitatory), arbitrary: between(-0.8 * strength, -0.1 * strength) },
  )
  return fc.oneof(
    { weight: 2, arbitrary: arbitraryDense(from, target, weight, delay) },
    { weight: 1, arbitrary: arbitrarySynapses(from, target, weight, delay) },
  )
}

function arbitraryDense(
  from: Layer,
  target: Layer,
  weight: fc.Arbitrary<number>,
  range: DelayRange,
): fc.Arbitrary<Connection> {
  const matrix = list(list(fc.option(weight, { freq: 8 }), from.size), target.size)
  const own = list(list(arbitraryDelay(range), from.size), target.size).map(
    (delay): ConnectOptions => ({ delay: perSynapse(delay) }),
  )
  return fc
    .tuple(matrix, fc.oneof(sharedDelay(from.size, range), own))
    .map(([weights, options]) => connect(from.name, target.name, dense(weights), options))
}

function arbitrarySynapses(
  from: Layer,
  target: Layer,
  weight: fc.Arbitrary<number>,
  range: DelayRange,
): fc.Arbitrary<Connection> {
  const pair = fc.tuple(fc.nat({ max: from.size - 1 }), fc.nat({ max: target.size - 1 }), weight)
  // Up to twice as many as there are pairs: some pairs are joined several times.
  const size = Math.min(from.size * target.size, 24)
  const bounds = { minLength: size, maxLength: 2 * size }
  const own = fc.array(fc.tuple(pair, arbitraryDelay(range)), bounds).map((entries): Connection => {
    const delayed = entries.map(([[s, t, w], delay]): Synapse => [s, t, w, delay])
    return connect(from.name, target.name, synapses(delayed))
  })
  const shared = fc
    .tuple(fc.array(pair, bounds), sharedDelay(from.size, range))
    .map(([entries, options]) => connect(from.name, target.name, synapses(entries), options))
  return fc.oneof(own, shared)
}

function arbitraryDelay(range: DelayRange): fc.Arbitrary<number> {
  // Short delays around a cycle cut a trial into very many windows.
  if (range === 'positive') return between(1, 4)
  return range === 'mixed' ? fc.oneof(fc.constant(0), between(0.2, 3)) : between(0.2, 3)
}

function sharedDelay(sources: number, range: DelayRange): fc.Arbitrary<ConnectOptions> {
  const delay = arbitraryDelay(range)
  const scalar = delay.map((value): ConnectOptions => ({ delay: value }))
  const each = list(delay, sources).map((values): ConnectOptions => ({ delay: perSource(values) }))
  return range === 'positive' ? fc.oneof(scalar, each) : fc.oneof(fc.constant<ConnectOptions>({}), scalar, each)
}
