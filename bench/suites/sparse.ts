import { join, relative } from 'node:path'
import { balancedNetwork } from '../../dist/data/index.js'
import { windowKernelOfGroup } from '../../dist/dynamics/kernels/kernel-of-group.js'
import type { KernelOptions } from '../../dist/dynamics/kernels/kernel-options.js'
import { windowGroups } from '../../dist/dynamics/kernels/window/window-groups.js'
import {
  connect,
  defineNetwork,
  fixedInDegree,
  type Network,
  normal,
  open,
  openCluster,
  perSynapse,
  placeOnCores,
  type Session,
  uniform,
} from '../../dist/index.js'
import { instantiate } from '../../dist/network/instance/instantiate.js'
import { writeAtomically } from '../../dist/storage/index.js'
import { SEED } from '../measure/count-spikes.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/median.js'
import { figureOfRounds } from '../measure/turn-figures.js'
import { type GrowthPicture, growthPicture } from '../report/growth-picture.js'
import { missingForBalanced, runBalanced } from '../rivals/run-balanced.js'
import type { Figure, Finding, Note, Rival, Settings } from '../suite.js'
import { sparseTraining } from './sparse-training.js'

const IN_DEGREE = 1000
/** The size of which more is told. */
const DETAILED = 10_000
const DRIVE_RATE = 20_000
/** Of partitions beside one process, in turns. */
const ROUNDS = 9
const UNIT = 'M recurrent synaptic events/s'

/** The balanced random network: events per second over its size, bytes of a synapse, two partitions, own weights and delays. */
export async function* sparseSuite(settings: Settings): AsyncGenerator<Finding> {
  const sizes = settings.quick ? [100] : settings.large ? [1000, 10_000, 100_000] : [1000, 10_000]
  const points: GrowthPicture['points'][number][] = []
  const until = settings.quick ? 20 : 500
  const missing = missingForBalanced()
  if (missing !== null) yield { note: missing }
  let first = Number.NaN
  for (const neurons of sizes) {
    const network = balancedNetwork({ neurons, inDegree: IN_DEGREE })
    const one = await speedOf(await open(network, { seed: SEED }), neurons, until)
    if (neurons === sizes[0]) first = one.speed
    const against: Rival[] = [{ name: `${sizes[0]} neurons`, value: first }]
    if (missing === null) {
      const rival = runBalanced({ neurons, inDegree: IN_DEGREE, until, driveRate: DRIVE_RATE })
      const speed = (rival.spikes * IN_DEGREE) / rival.seconds / 1e6
      against.push({ name: `${rival.versions}, steps of 0.1 ms`, value: speed })
    }
    const counts = { 'spikes per neuron and s': one.rate, 'drive spikes per synaptic event': 20 / one.rate }
    yield { name: `balanced network of ${neurons}, 1 core`, value: one.speed, unit: UNIT, against, counts }
    points.push({ size: neurons, value: 1000 / one.speed, expected: 1000 / first })
    if (neurons === DETAILED || settings.quick) {
      yield* onTwo(network, neurons, until, settings.quick ? 1 : ROUNDS)
      yield* bytesOf('one weight and one delay', network)
      yield* ownNumbers(neurons, until, one.speed)
    }
  }
  yield* sparseTraining(settings)
  if (settings.pictures !== null) yield await drawGrowth(points, settings.pictures)
}

async function drawGrowth(points: GrowthPicture['points'], folder: string): Promise<Note> {
  const drawn = growthPicture({
    title: 'Time of a synaptic event against neurons',
    subtitle: `Balanced random network, in-degree ${IN_DEGREE}, drive included, 1 core; wall time`,
    ...{ across: 'neurons', upward: 'ns per recurrent synaptic event', points, expectation: 'constant' },
  })
  const path = join(folder, 'growth-sparse.svg')
  await writeAtomically(path, drawn)
  return { note: `drawn: ${relative(process.cwd(), path)}` }
}

/** Million events per second of the clock, the median of three runs after a warm-up. */
async function speedOf(session: Session, neurons: number, until: number) {
  await timeRun(session, until)
  const runs = [await timeRun(session, until), await timeRun(session, until), await timeRun(session, until)]
  await session.close()
  const fired = runs[0]?.fired ?? 0
  return { speed: median(runs.map(({ speed }) => speed)), rate: (1000 * fired) / neurons / until }
}

/** Spikes of a run, and its million events per second of the clock. */
async function timeRun(session: Session, until: number) {
  const started = performance.now()
  const { spikes } = await session.simulate({ count: 1, inputs: {}, until }, { record: ['exc', 'inh'] })
  const seconds = (performance.now() - started) / 1000
  const fired = Object.values(spikes).reduce((sum, { times }) => sum + times.length, 0)
  return { fired, speed: (fired * IN_DEGREE) / seconds / 1e6 }
}

const TRANSPORTS = ['websocket', 'unix', 'thread'] as const

/** Two partitions over each transport and one process, which take turns. */
async function* onTwo(network: Network, neurons: number, until: number, rounds: number): AsyncGenerator<Figure> {
  const placement = placeOnCores(network, 2)
  const sessions: Session[] = [await open(network, { seed: SEED })]
  try {
    for (const transport of TRANSPORTS) sessions.push(await openCluster(network, placement, { seed: SEED, transport }))
    await inTurns(sessions, 1, (session) => timeRun(session, until))
    const [one = [], ...spread] = await inTurns(sessions, rounds, async (session) => {
      return (await timeRun(session, until)).speed
    })
    for (const [k, transport] of TRANSPORTS.entries()) {
      const name = `balanced network of ${neurons}, 2 partitions, ${transport}`
      yield figureOfRounds(name, spread[k] ?? [], UNIT, [{ name: 'one process', values: one }])
    }
  } finally {
    await Promise.all(sessions.map((session) => session.close()))
  }
}

/** A run of one trial, forward. */
const RUN: KernelOptions = {
  ...{ trials: 1, until: 1000, whole: false, gradients: false, stopAfterFirst: false, trackSilent: false },
  ...{ undefinedSlope: 'ignore', beat: () => undefined },
}

/** All memory of the kernels in a run, states included, over their recurrent synapses, beside what a list of them needs. */
function* bytesOf(name: string, network: Network): Generator<Figure> {
  const instance = instantiate(network, SEED)
  const groups = [...windowGroups(network, 'simd')]
  const kernels = groups.map(([cells, group]) => windowKernelOfGroup(group, instance, cells, SEED))
  for (const kernel of kernels) kernel.begin(RUN)
  const bytes = kernels.reduce((sum, kernel) => sum + kernel.bytes, 0)
  const synapses = kernels.reduce((sum, { values }) => sum + values.size * IN_DEGREE, 0)
  const against = [{ name: 'target, weight and delay in 16 bytes', value: 16 }]
  yield { name: `memory of a synapse, ${name}`, value: bytes / synapses, unit: 'bytes', against }
}

/** The same network with a weight and a delay of its own for every synapse. */
async function* ownNumbers(neurons: number, until: number, one: number): AsyncGenerator<Finding> {
  const { groups, projections } = balancedNetwork({ neurons, inDegree: IN_DEGREE })
  const own = defineNetwork({
    groups: Object.fromEntries(groups.map(({ name, ...group }) => [name, group])),
    projections: projections.map(({ source, target, connectivity, weights, delays }) => {
      if (connectivity.kind !== 'rule' || typeof weights !== 'number') throw new TypeError('no rule with one weight')
      const { rule } = connectivity
      if (rule.rule !== 'fixedInDegree') {
        return connect(
          source,
          target,
          { kind: 'rule', rule, weights },
          { delay: delays.kind === 'scalar' ? delays.value : 0 },
        )
      }
      const drawn = normal(weights, Math.abs(weights) / 10)
      return connect(source, target, fixedInDegree(rule.inDegree, drawn, rule), { delay: perSynapse(uniform(1, 2)) })
    }),
  })
  const { speed, rate } = await speedOf(await open(own, { seed: SEED }), neurons, until)
  const against = [{ name: 'one weight and one delay', value: one }]
  const counts = { 'spikes per neuron and s': rate }
  yield { name: `balanced network of ${neurons}, own weights and delays`, value: speed, unit: UNIT, against, counts }
  yield* bytesOf('own weight and delay', own)
}
