import { definePlacement } from '../../hardware/define-placement.js'
import type { Placement } from '../../hardware/placement.js'
import { defineLoss } from '../../learning/define-loss.js'
import type { Loss } from '../../learning/loss.js'
import type { LabelledTrials } from '../../learning/session.js'
import { defineNetwork } from '../../network/description/define-network.js'
import { source } from '../../network/description/groups.js'
import { uniform } from '../../network/description/initializers.js'
import type { GroupSpec, Network } from '../../network/description/network.js'
import { type Connection, connect, dense, perSynapse, synapses } from '../../network/description/projections.js'
import { lif } from '../../network/models/lif.js'
import { ACTOR, type ActorCase, SOURCE_SIZE, slicesOf } from './actor-case.js'

/** A network in which the actor lies on a cycle, and what it is put through. */
export interface CycleCase {
  readonly seed: number
  readonly network: Network
  /** Every slice of the actor, and every other group, on a core of its own. */
  readonly apart: Placement
  /** The groups that spike. */
  readonly recorded: readonly string[]
  readonly trials: LabelledTrials
  /** sum of slope · time over the spikes of the actor. */
  readonly loss: Loss
  /** The slope of the n-th spike of a unit, in every trial. */
  readonly slopeOf: (unit: number, n: number) => number
}

/** What lies on the cycle beside the actor: nothing, neurons, or the same module once more. */
const COMPANIONS = ['none', 'neurons', 'actor'] as const
type Companion = (typeof COMPANIONS)[number]

/** Units that spikes go around. Each of them sends to the next one alone: spikes go on, and do not multiply. */
const RING = 4

/** The least delay around, as a share of the trial. */
const DELAYS = [1 / 20, 1 / 8, 1 / 3] as const

/** A weight with which one spike makes a neuron fire. */
const SUFFICES = 12

/** The cycle of a case; consecutive cases have other companions, then other delays. */
export function cycleCase(sample: ActorCase): CycleCase {
  const { seed, inputs, until, random } = sample
  const companion = COMPANIONS[seed % COMPANIONS.length] as Companion
  const network = cycleNetwork(sample, companion)
  const [left] = inputs
  const count = (left?.offsets.length ?? 1) - 1
  const others = network.groups.filter(({ name }) => name !== ACTOR)
  const slices = [
    ...others.map(({ name, size }) => ({ group: name, start: 0, end: size })),
    ...slicesOf(sample).map((slice) => ({ group: ACTOR, ...slice })),
  ]
  const slopeOf = (unit: number, n: number) => random(`cycle/slope/${unit}`).uniform(n) - 0.5
  return {
    seed,
    network,
    apart: definePlacement(
      network,
      slices.map((slice) => [slice]),
    ),
    recorded: network.groups.flatMap(({ name, kind }) => (kind === 'source' ? [] : [name])),
    trials: { count, until, inputs: left === undefined ? {} : { left }, labels: new Uint8Array(count) },
    loss: lossOf(slopeOf),
    slopeOf,
  }
}

function cycleNetwork(sample: ActorCase, companion: Companion): Network {
  const { weights, spec } = sample
  const companions: Readonly<Record<Companion, Readonly<Record<string, GroupSpec>>>> = {
    none: {},
    neurons: { neurons: lif(RING, { tauMem: 10, tauSyn: 5, threshold: 1, refractory: 2 }) },
    actor: { other: spec },
  }
  return defineNetwork<Readonly<Record<string, GroupSpec>>>({
    groups: { left: source(SOURCE_SIZE), [ACTOR]: spec, ...companions[companion] },
    projections: [
      connect('left', ACTOR, dense(uniform(...weights)), { delay: perSynapse(uniform(0.25, 4)) }),
      ...ringOf(sample, companion),
    ],
  })
}

/** From every unit of the ring to the next one, straight or by way of the companion. */
function ringOf({ size, until, seed, weights, random }: ActorCase, companion: Companion): readonly Connection[] {
  const [least, most] = weights
  const stream = random('cycle/ring')
  const shortest = until * (DELAYS[Math.floor(seed / COMPANIONS.length) % DELAYS.length] as number)
  const places = Array.from({ length: RING }, (_, k) => {
    const [unit, next] = [k, (k + 1) % RING].map((place) => Math.floor((place * size) / RING)) as [number, number]
    const draw = (n: number) => least + (most - least) * stream.uniform(3 * k + n)
    return { k, unit, next, weight: draw(0), other: draw(1), delay: shortest * (1 + stream.uniform(3 * k + 2)) }
  })
  switch (companion) {
    case 'none':
      return [
        connect(ACTOR, ACTOR, synapses(places.map(({ unit, next, weight, delay }) => [unit, next, weight, delay]))),
      ]
    case 'neurons':
      return [
        connect(ACTOR, 'neurons', synapses(places.map(({ k, unit }) => [unit, k, SUFFICES, 0.1]))),
        connect('neurons', ACTOR, synapses(places.map(({ k, next, weight, delay }) => [k, next, weight, delay]))),
      ]
    case 'actor':
      return [
        connect(ACTOR, 'other', synapses(places.map(({ unit, other }) => [unit, unit, other, 0.1]))),
        connect('other', ACTOR, synapses(places.map(({ unit, next, weight, delay }) => [unit, next, weight, delay]))),
      ]
  }
}

function lossOf(slopeOf: CycleCase['slopeOf']): Loss {
  return defineLoss({
    name: 'summedTimes',
    observes: 'spikes',
    evaluate({ times, units }) {
      const counts = new Map<number, number>()
      const gradients = Array.from(units, (unit) => {
        const n = counts.get(unit) ?? 0
        counts.set(unit, n + 1)
        return slopeOf(unit, n)
      })
      return { loss: gradients.reduce((sum, slope, k) => sum + slope * (times[k] as number), 0), gradients }
    },
  }).on(ACTOR)
}
