import {
  connect,
  defineNetwork,
  dense,
  lif,
  type Network,
  normal,
  open,
  perSynapse,
  type Session,
  type SpikeTrains,
  source,
  spikeCount,
  type Trials,
  uniform,
} from '../../dist/index.js'
import { createRandomStream } from '../../dist/numerics/random-stream.js'
import { SEED } from '../measure/count-spikes.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/median.js'
import { ownSeconds } from '../measure/processor-time.js'
import type { Figure, Finding, Settings } from '../suite.js'

/** Groups in -> hidden -> out, and what a trial of it gets. */
interface Shape {
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

const SMALL: Shape = {
  ...{ sizes: [200, 128, 10], inputSpikes: 400, trials: 16, until: 100 },
  ...{ delay: 1, drive: [0.06, 0.1], readout: 8 },
}
const LARGE: Shape = {
  ...{ sizes: [700, 256, 20], inputSpikes: 3000, trials: 16, until: 1000 },
  ...{ delay: 10, drive: [0.05, 0.1], readout: 30 },
}

/** Something that the plain case does without. */
interface Feature {
  readonly name: string
  readonly neurons?: Readonly<Record<string, unknown>>
  readonly isRecurrent?: boolean
  readonly hasNulls?: boolean
  /** From the least of them on, one per synapse, in ms; default: one for all. */
  readonly delaysUpTo?: number
}

const TAUS = { tauMem: 20, tauSyn: 5 }
const TWO = { tauMem: 20, tauSynExc: 5, tauSynInh: 8 }
const FEATURES: readonly Feature[] = [
  { name: 'recurrent', isRecurrent: true },
  { name: 'delays per synapse', delaysUpTo: 10 },
  { name: 'recurrent, delays per synapse', isRecurrent: true, delaysUpTo: 10 },
  { name: 'refractory period', neurons: { ...TAUS, refractory: 2 } },
  { name: 'a null weight', hasNulls: true },
  { name: 'two synaptic time constants', neurons: TWO },
  { name: 'two synaptic time constants, delays per synapse', neurons: TWO, delaysUpTo: 10 },
  { name: 'time constants per neuron', neurons: { tauMem: uniform(15, 25), tauSyn: 5 } },
]
/** Turns, seconds of each, and of the warm-up of each session. */
const FULL = { rounds: 9, turn: 0.3, warmUp: 2 }
const QUICK = { rounds: 1, turn: 0, warmUp: 0 }

/** What gradients of layers with a feature cost per synaptic event, beside those of plain ones, in turns. */
export async function* featuresSuite({ quick }: Settings): AsyncGenerator<Finding> {
  yield* figuresOf('200-128-10', SMALL, FEATURES, quick)
  yield* figuresOf('700-256-20', LARGE, quick ? [] : FEATURES.slice(0, 1), quick)
}

async function* figuresOf(
  name: string,
  shape: Shape,
  features: readonly Feature[],
  quick: boolean,
): AsyncGenerator<Figure> {
  const trials = trialsOf(shape)
  const cases = [{ name: 'plain' }, ...features].map((feature) => ({ feature, network: networkOf(shape, feature) }))
  const sessions = await Promise.all(cases.map(({ network }) => open(network, { seed: SEED })))
  try {
    const events: number[] = []
    for (const [k, session] of sessions.entries())
      events.push(await eventsOf(session, (cases[k] as (typeof cases)[number]).network, trials))
    const { rounds, turn, warmUp } = quick ? QUICK : FULL
    for (const session of sessions) await costOf(session, trials, warmUp)
    const [plain = [], ...others] = await inTurns(sessions, rounds, async (session, k) => {
      return (await costOf(session, trials, turn)) / (events[k] ?? 1)
    })
    for (const [k, { name: feature }] of features.entries()) {
      const own = others[k] ?? []
      const ratios = own.map((cost, round) => cost / (plain[round] ?? Number.NaN))
      const value = median(own)
      yield {
        ...{ name: `${name}: ${feature}`, value, unit: 'ns/synaptic event' },
        against: [{ name: 'plain', value: value / median(ratios), range: [Math.min(...ratios), Math.max(...ratios)] }],
        counts: { 'synaptic events a trial': Math.round((events[k + 1] ?? 0) / shape.trials) },
      }
    }
  } finally {
    for (const session of sessions) await session.close()
  }
}

function networkOf(shape: Shape, feature: Feature): Network {
  const { delay: least, drive, readout } = shape
  const [sources, hidden, outputs] = shape.sizes
  const { neurons = TAUS, isRecurrent = false, hasNulls = false, delaysUpTo } = feature
  const delay = delaysUpTo === undefined ? least : perSynapse(uniform(least, delaysUpTo))
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

function trialsOf({ sizes: [sources], inputSpikes, trials, until }: Shape): Trials {
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

/** Synaptic events of all trials. */
async function eventsOf(session: Session, { groups, projections }: Network, trials: Trials): Promise<number> {
  const { spikes } = await session.simulate(trials, { record: ['hidden', 'out'] })
  const sizeOf = (name: string) => groups.find((group) => group.name === name)?.size ?? 0
  const spikesOf = (name: string) => (trials.inputs[name] ?? spikes[name])?.times.length ?? 0
  return projections.reduce((sum, { source: from, target }) => sum + spikesOf(from) * sizeOf(target), 0)
}

/** Nanoseconds of processor time that gradients take: the mean over a turn. */
async function costOf(session: Session, trials: Trials, seconds: number): Promise<number> {
  const loss = spikeCount('out', { tau: 20 })
  const labels = new Uint8Array(trials.count)
  const start = ownSeconds()
  for (let count = 1; ; count++) {
    await session.gradient(trials, loss, labels)
    const spent = ownSeconds() - start
    if (spent >= seconds) return (1e9 * spent) / count
  }
}
