import {
  connect,
  defineNetwork,
  dense,
  lif,
  type Network,
  normal,
  perSynapse,
  type SpikeTrains,
  source,
  type Trials,
  uniform,
} from '../dist/index.js'
import { createRandomStream } from '../dist/numerics/random-stream.js'
import { SEED } from './measure/count-spikes.js'

/** Groups in -> hidden -> out, and what a trial of it gets. */
export interface Shape {
  readonly sizes: readonly [sources: number, hidden: number, outputs: number]
  readonly inputSpikes: number
  readonly trials: number
  readonly until: number
  /** Of every projection, in ms. */
  readonly delay: number
  /** Mean and deviation of the weights of in -> hidden. */
  readonly drive: readonly [number, number]
  /** Mean of the weights hidden -> out, times the hidden neurons: such that outputs fire, lest all gradients be 0. */
  readonly readout: number
}

export const SMALL: Shape = {
  ...{ sizes: [200, 128, 10], inputSpikes: 400, trials: 16, until: 100 },
  ...{ delay: 1, drive: [0.06, 0.1], readout: 8 },
}
export const LARGE: Shape = {
  ...{ sizes: [700, 256, 20], inputSpikes: 3000, trials: 16, until: 1000 },
  ...{ delay: 10, drive: [0.05, 0.1], readout: 30 },
}

/** Something that the plain case does without. */
export interface Feature {
  readonly name: string
  readonly neurons?: Readonly<Record<string, unknown>>
  readonly isRecurrent?: boolean
  readonly hasNulls?: boolean
  /** One per synapse, least and most in ms; default: one for all. */
  readonly delays?: readonly [least: number, most: number]
}

const TAUS = { tauMem: 20, tauSyn: 5 }
const TWO = { tauMem: 20, tauSynExc: 5, tauSynInh: 8 }
export const FEATURES: readonly Feature[] = [
  { name: 'recurrent', isRecurrent: true },
  { name: 'delays per synapse', delays: [1, 10] },
  { name: 'recurrent, delays per synapse', isRecurrent: true, delays: [1, 10] },
  { name: 'refractory period', neurons: { ...TAUS, refractory: 2 } },
  { name: 'a null weight', hasNulls: true },
  { name: 'two synaptic time constants', neurons: TWO },
  { name: 'two synaptic time constants, delays per synapse', neurons: TWO, delays: [1, 10] },
  { name: 'time constants per neuron', neurons: { tauMem: uniform(15, 25), tauSyn: 5 } },
]

/** Of 700 channels, with delays as presets for recordings have them. */
export const FULL_RESOLUTION: Feature = { name: 'recurrent, delays per synapse', isRecurrent: true, delays: [1, 60] }

export function networkOf(shape: Shape, feature: Feature): Network {
  const { drive, readout } = shape
  const [sources, hidden, outputs] = shape.sizes
  const { neurons = TAUS, isRecurrent = false, hasNulls = false, delays } = feature
  const delay = delays === undefined ? shape.delay : perSynapse(uniform(...delays))
  const weights = hasNulls ? dense(drawn(hidden, sources, drive)) : dense(normal(...drive))
  const cells = (size: number, own: object) => lif(size, { ...own, threshold: 1 } as Parameters<typeof lif>[1])
  return defineNetwork({
    groups: { in: source(sources), hidden: cells(hidden, neurons), out: cells(outputs, TAUS) },
    projections: [
      connect('in', 'hidden', weights, { delay }),
      ...(isRecurrent ? [connect('hidden', 'hidden', dense(normal(0, 0.5 / Math.sqrt(hidden))), { delay })] : []),
      connect('hidden', 'out', dense(normal(readout / hidden, 1 / Math.sqrt(hidden))), { delay }),
    ],
  })
}

/** Normal weights, of which one is null. */
function drawn(rows: number, columns: number, [mean, deviation]: readonly [number, number]): (number | null)[][] {
  const random = createRandomStream(SEED, 'weights')
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      return row === 0 && column === 0 ? null : mean + deviation * random.normal(row * columns + column)
    }),
  )
}

export function trialsOf({ sizes: [sources], inputSpikes, trials, until }: Shape): Trials {
  const random = createRandomStream(SEED, 'input')
  const spikes = Array.from({ length: trials }, (_, trial) =>
    Array.from({ length: inputSpikes }, (_, k) => {
      const draw = 2 * (trial * inputSpikes + k)
      return { time: 0.9 * until * random.uniform(draw), unit: random.integer(draw + 1, sources) }
    }).sort((a, b) => a.time - b.time || a.unit - b.unit),
  ).flat()
  const input: SpikeTrains = {
    offsets: Uint32Array.from({ length: trials + 1 }, (_, trial) => trial * inputSpikes),
    times: Float64Array.from(spikes, ({ time }) => time),
    units: Uint32Array.from(spikes, ({ unit }) => unit),
  }
  return { count: trials, until, inputs: { in: input } }
}
