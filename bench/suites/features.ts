import { type Network, open, type Session, type Trials } from '../../dist/index.js'
import { FEATURES, type Feature, LARGE, networkOf, type Shape, SMALL, trialsOf } from '../feature-networks.js'
import { costOfRuns, gradientOf } from '../measure/cost-of-runs.js'
import { SEED } from '../measure/count-spikes.js'
import { inTurns } from '../measure/in-turns.js'
import { median } from '../measure/median.js'
import type { Figure, Finding, Settings } from '../suite.js'

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
    for (const session of sessions) await costOfRuns(() => gradientOf(session, trials), warmUp)
    const [plain = [], ...others] = await inTurns(sessions, rounds, async (session, k) => {
      return (await costOfRuns(() => gradientOf(session, trials), turn)) / (events[k] ?? 1)
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

/** Synaptic events of all trials. */
async function eventsOf(session: Session, { groups, projections }: Network, trials: Trials): Promise<number> {
  const { spikes } = await session.simulate(trials, { record: ['hidden', 'out'] })
  const sizeOf = (name: string) => groups.find((group) => group.name === name)?.size ?? 0
  const spikesOf = (name: string) => (trials.inputs[name] ?? spikes[name])?.times.length ?? 0
  return projections.reduce((sum, { source: from, target }) => sum + spikesOf(from) * sizeOf(target), 0)
}
