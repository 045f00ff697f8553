import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Loss } from '../../src/learning/loss.js'
import type { LabelledTrials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { Network } from '../../src/network/description/network.js'
import {
  type Connection,
  connect,
  dense,
  fixedInDegree,
  oneToOne,
  operator,
  perSynapse,
} from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import type { ModuleReference } from '../../src/network/modules/module-reference.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'

/** An operator of the modules of these tests. */
export const operatorOf = (file: string, options: Parameters<typeof operator>[1] = {}) =>
  operator(new URL(`./modules/${file}`, import.meta.url), options)

/** A network through whose projections spikes pass operators, in some trials. */
export interface RoutedCase {
  readonly name: string
  /** Partitions that it is spread over beside one. */
  readonly cores: readonly number[]
  readonly trials: LabelledTrials
  readonly loss: Loss
  /** @param hidden neurons of its hidden group; default 64, in two blocks */
  network(hidden?: number): Network
  without(): Network
  /** With the operator of a module in the place of its own. */
  through(file: string, options?: Parameters<typeof operator>[1]): Network
}

const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 } as const
const UNTIL = 60
const HIDDEN = 64

function trainsOf(trials: number, units: number, perUnit: number, seed = 3): SpikeTrains {
  const stream = createRandomStream(seed, 'trains')
  const spikes = Array.from({ length: trials }, (_, trial) =>
    Array.from({ length: units * perUnit }, (_, k) => {
      return { time: 40 * stream.uniform(1000 * trial + k), unit: k % units }
    }).sort((a, b) => a.time - b.time || a.unit - b.unit),
  )
  return {
    offsets: Uint32Array.from({ length: trials + 1 }, (_, trial) => trial * units * perUnit),
    times: Float64Array.from(spikes.flat(), ({ time }) => time),
    units: Uint32Array.from(spikes.flat(), ({ unit }) => unit),
  }
}

const TRIALS: LabelledTrials = {
  count: 3,
  until: UNTIL,
  inputs: { input: trainsOf(3, 6, 3) },
  labels: Uint8Array.of(0, 1, 2),
}

type Ways = (through: { through?: readonly ModuleReference[] }, hidden: number) => Network

function caseOf(
  name: string,
  cores: readonly number[],
  loss: Loss,
  ways: Ways,
  own: readonly ModuleReference[],
): RoutedCase {
  return {
    ...{ name, cores, loss, trials: TRIALS },
    network: (hidden = HIDDEN) => ways({ through: own }, hidden),
    without: () => ways({}, HIDDEN),
    through: (file, options) => ways({ through: [operatorOf(file, options)] }, HIDDEN),
  }
}

const ROUTER = operatorOf('router.mjs', { loss: 0.2, least: 0.25, spread: 3, drift: 0.05 })
const QUICK = operatorOf('router.mjs', { loss: 0.1, least: 0, spread: 1 })

const layers = (
  hidden: number,
  ...projections: readonly Connection<'input' | 'hidden' | 'out', 'input' | 'hidden' | 'out'>[]
) =>
  defineNetwork({
    groups: { input: source(6), hidden: lif(hidden, LEAKY), out: lif(3, LEAKY) },
    projections,
  })

export const CASES: readonly RoutedCase[] = [
  caseOf(
    'a layered network whose neurons meet the same arrivals',
    [2, 4],
    { kind: 'spikeCount', group: 'out', tau: 20 },
    (way, hidden) =>
      layers(
        hidden,
        connect('input', 'hidden', dense(normal(0.6, 0.3)), { delay: 1, ...way }),
        connect('hidden', 'out', dense(normal(9 / hidden, 6 / hidden)), way),
      ),
    [ROUTER],
  ),
  caseOf(
    'a layered network with a delay per synapse, two operators on its ways',
    [2],
    { kind: 'firstSpike', group: 'out', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
    (way, hidden) =>
      layers(
        hidden,
        connect('input', 'hidden', dense(normal(0.6, 0.3)), { delay: perSynapse(uniform(0, 4)), ...way }),
        connect('hidden', 'out', dense(normal(9 / hidden, 6 / hidden)), { delay: perSynapse(uniform(0, 4)), ...way }),
      ),
    [ROUTER, QUICK],
  ),
  caseOf(
    'a recurrent network',
    [2, 4],
    { kind: 'spikeCount', group: 'out', tau: 20 },
    (way, hidden) =>
      layers(
        hidden,
        connect('input', 'hidden', dense(normal(0.6, 0.3)), way),
        connect('hidden', 'hidden', dense(normal(0, 0.1)), { delay: 0.5, ...way }),
        connect('hidden', 'out', dense(normal(9 / hidden, 6 / hidden)), { delay: 2, ...way }),
      ),
    [ROUTER],
  ),
  caseOf(
    'a recurrent network of lists with a readout, whose router may add nothing',
    [2],
    { kind: 'vMax', group: 'out' },
    (way, hidden) =>
      defineNetwork({
        groups: { input: source(6), hidden: lif(hidden, LEAKY), out: li(3, { tauMem: 10, tauSyn: 5 }) },
        projections: [
          connect('input', 'hidden', fixedInDegree(4, normal(0.8, 0.3)), {
            delay: perSynapse(uniform(0.5, 2)),
            ...way,
          }),
          connect('hidden', 'hidden', fixedInDegree(4, normal(0, 0.2), { multiple: true }), { delay: 1, ...way }),
          connect('hidden', 'out', dense(normal(9 / hidden, 6 / hidden)), way),
        ],
      }),
    [QUICK],
  ),
]

/** A large sparse group, on the kernel of windows, driven one to one. */
const SPARSE_OF_MANY: RoutedCase = caseOf(
  'a large sparse group, driven one to one',
  [2],
  { kind: 'spikeCount', group: 'out', tau: 20 },
  (way) =>
    defineNetwork({
      groups: { input: source(6), drive: poisson(256, { rate: 400 }), hidden: lif(256, LEAKY), out: lif(3, LEAKY) },
      projections: [
        connect('drive', 'hidden', oneToOne(0.5), { delay: 1, ...way }),
        connect('input', 'hidden', fixedInDegree(3, normal(0.6, 0.1)), { delay: 1.5, ...way }),
        connect('hidden', 'hidden', fixedInDegree(48, normal(0, 0.05), { multiple: true }), { delay: 1.5, ...way }),
        connect('hidden', 'out', dense(normal(0.02, 0.02)), { delay: 1, ...way }),
      ],
    }),
  [ROUTER],
)

/** One trial of it takes as long as those of the others. */
export const SPARSE: RoutedCase = { ...SPARSE_OF_MANY, trials: firstTrial(SPARSE_OF_MANY) }

/** What a session says of a case in every mode. */
export async function resultsOf(session: StreamingSession, { trials, loss }: RoutedCase) {
  const { inputTimes, ...gradient } = await session.gradient(trials, loss, trials.labels)
  return {
    simulated: await session.simulate(trials),
    gradient: { ...gradient, inputTimes },
    evaluated: await session.evaluate(trials, loss),
  }
}

/** The first trial alone. */
export function firstTrial({ trials }: RoutedCase): LabelledTrials {
  const { offsets, times, units } = trials.inputs.input as SpikeTrains
  const end = offsets[1] as number
  const input = { offsets: offsets.slice(0, 2), times: times.slice(0, end), units: units.slice(0, end) }
  return { ...trials, count: 1, inputs: { input }, labels: trials.labels.slice(0, 1) }
}

/** Groups of neurons that spike. */
export function spikingGroups(each: RoutedCase): readonly string[] {
  return each.network().groups.flatMap(({ name, kind }) => (kind === 'lif' ? [name] : []))
}
