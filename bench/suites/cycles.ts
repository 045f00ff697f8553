import { connect, defineNetwork, dense, fixedInDegree, lif, open, type Session, source } from '../../dist/index.js'
import { createRandomStream } from '../../dist/numerics/random-stream.js'
import { SEED } from '../measure/count-spikes.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/median.js'
import { ownSeconds } from '../measure/processor-time.js'
import type { Figure, Finding, Settings } from '../suite.js'

const NEURONS = 100
const INPUTS = 80
const IN_DEGREE = 20
const UNTIL = 20
/** Of every input, in Hz: the same spikes in shorter and shorter intervals. */
const RATES = [50, 200, 800]

/** A group that hears itself, each neuron by synapses of its own or all of them alike, and what arrives at it. */
interface Cycle {
  readonly name: string
  readonly feed: 'own' | 'shared'
  /** Of the way back, in ms; below 0.1 the group runs within one kernel, event by event. */
  readonly delay: number
}

const CYCLES: readonly Cycle[] = [
  { name: 'own arrivals, no delay', feed: 'own', delay: 0 },
  { name: 'own arrivals, 0.05 ms', feed: 'own', delay: 0.05 },
  { name: 'own arrivals, 1 ms', feed: 'own', delay: 1 },
  { name: 'shared arrivals, no delay', feed: 'shared', delay: 0 },
]

function openCycle({ feed, delay }: Omit<Cycle, 'name'>, weight: number): Promise<Session> {
  const joined = (count: number, each: number) =>
    feed === 'own' ? fixedInDegree(IN_DEGREE, each) : dense((each * IN_DEGREE) / count)
  const network = defineNetwork({
    groups: { in: source(INPUTS), cells: lif(NEURONS, { tauMem: 10, tauSyn: 5, threshold: 1 }) },
    projections: [
      connect('in', 'cells', joined(INPUTS, 0.3)),
      connect('cells', 'cells', joined(NEURONS, weight), { delay }),
    ],
  })
  return open(network, { seed: SEED })
}

function inputSpikes(rate: number) {
  const random = createRandomStream(SEED, 'cycles')
  const count = Math.round((INPUTS * rate * UNTIL) / 1000)
  const times = Float64Array.from({ length: count }, (_, k) => random.uniform(k) * UNTIL).sort()
  return {
    offsets: Uint32Array.of(0, count),
    times,
    units: Uint32Array.from(times, (_, k) => random.integer(count + k, INPUTS)),
  }
}

/** Time of an event on short cycles, beside longer ones and shared arrivals, at growing activity; what an explosion takes. */
export async function* cyclesSuite(settings: Settings): AsyncGenerator<Finding> {
  const rounds = settings.quick ? 1 : 5
  let atFirst: readonly number[] = []
  for (const rate of settings.quick ? RATES.slice(0, 1) : RATES) {
    const sessions = await Promise.all(CYCLES.map((cycle) => openCycle(cycle, 0.03)))
    const turns = await inTurns(sessions, rounds + 1, (session) => costOf(session, rate))
    for (const session of sessions) await session.close()
    // The first round compiles.
    const costs = turns.map((runs) => median(runs.slice(1).map(({ microseconds }) => microseconds)))
    if (atFirst.length === 0) atFirst = costs
    for (const [k, { name }] of CYCLES.entries()) {
      const others = CYCLES.flatMap((other, at) => (at === k ? [] : [{ name: other.name, value: costs[at] as number }]))
      const against = [{ name: `${RATES[0]} Hz`, value: atFirst[k] as number }, ...others]
      const counts = { events: turns[k]?.[0]?.events ?? 0 }
      yield { name: `${name}, ${rate} Hz`, value: costs[k] as number, unit: 'us/event', against, counts }
    }
  }
  yield* explosion()
}

/** Processor time of an event: an input spike, or one of the group. */
async function costOf(session: Session, rate: number) {
  const started = ownSeconds()
  const input = inputSpikes(rate)
  const { spikes } = await session.simulate({ count: 1, inputs: { in: input }, until: UNTIL }, { record: ['cells'] })
  const events = input.times.length + (spikes.cells?.times.length ?? 0)
  return { microseconds: (1e6 * (ownSeconds() - started)) / events, events }
}

/** What it takes until excitation that explodes ends the run, in time and memory. */
async function* explosion(): AsyncGenerator<Figure> {
  for (const cycle of CYCLES) {
    const session = await openCycle(cycle, 3)
    const [seconds, bytes] = [ownSeconds(), process.memoryUsage().rss]
    const code = await session.simulate({ count: 1, inputs: { in: inputSpikes(800) }, until: 1000 }).then(
      () => 'none',
      (error) => String(error.code),
    )
    if (code !== 'SPIKES_TOO_MANY') throw new Error(`${cycle.name} ended with ${code}`)
    yield { name: `explosion, ${cycle.name}`, value: ownSeconds() - seconds, unit: 's', against: [] }
    const grown = Math.max(0, process.memoryUsage().rss - bytes) / 2 ** 20
    yield { name: `explosion, ${cycle.name}, memory`, value: grown, unit: 'MiB', against: [] }
    await session.close()
  }
}
