import fc from 'fast-check'
import { chooseKernels } from '../../../src/dynamics/kernels/choose-kernel.js'
import { MICRO_BATCH_UNIT, TRIAL_CHUNK } from '../../../src/dynamics/parameters/trial-sum.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import type { Placement } from '../../../src/hardware/placement.js'
import type { NoiseOptions } from '../../../src/learning/noise/device-noise.js'
import type { LabelledTrials } from '../../../src/learning/session.js'
import type { Network } from '../../../src/network/description/network.js'
import { hurriedGroups } from '../../../src/network/graph/hurried-groups.js'
import type { GroupSlice } from '../../../src/network/slices/group-slice.js'
import { trainsOf } from '../../learning/trains.js'
import { between } from '../../support/arbitraries.js'
import { arbitraryPlacement } from '../../support/arbitrary-placement.js'
import { segmentLength } from '../../support/arbitrary-stream.js'
import { type DrawnNetwork, sessionNetwork } from './session-network.js'

/** What is asked of a session. */
export const SESSION_MODES = ['simulate', 'gradient', 'stream', 'recording', 'train', 'restore'] as const
export type SessionMode = (typeof SESSION_MODES)[number]

export const TRANSPORTS = ['memory', 'frames', 'websocket', 'threads'] as const

/** Where a session lives. */
export interface SessionWay {
  readonly placement: Placement
  readonly transport: (typeof TRANSPORTS)[number]
  /** Of kernels, where they share the work of all cores. */
  readonly threads: number
  /** Decides the order of messages. */
  readonly order: number
  readonly limits: { readonly credits: number; readonly maxFrame: number }
  /** Trials that go through at a time, where links let them; undefined: all. */
  readonly microBatch: number | undefined
}

/** Where a stream is cut, and where it is stopped, saved, and gone on with elsewhere. */
export interface StreamCuts {
  readonly segment: number
  readonly stop: number
}

/** A network, its trials, what is asked, and where and how it runs. */
export interface SessionCase {
  readonly network: Network
  readonly seed: number
  readonly trials: LabelledTrials
  readonly noise: NoiseOptions | null
  readonly mode: SessionMode
  /** Of gradients: which loss. Of learning: how many steps. */
  readonly loss: number
  readonly steps: number
  /** What the session has done before, on other trials. */
  readonly before: 'nothing' | 'gradient' | 'stream'
  readonly first: SessionWay
  readonly second: SessionWay
  readonly cuts: StreamCuts
}

const UNTIL = 10

/** Now and then more than a chunk of them where sums over them are reported, and elsewhere more than a micro-batch. */
function trialsOf({ network, classes }: DrawnNetwork, mode: SessionMode): fc.Arbitrary<LabelledTrials> {
  const sources = network.groups.find(({ name }) => name === 'in')!.size
  const time = fc.oneof(
    fc.integer({ min: 0, max: 14 }).map((k) => k / 2),
    between(0, 8),
  )
  const trialOf = (most: number) =>
    fc.array(fc.record({ time, unit: fc.nat(sources - 1) }), { minLength: 5, maxLength: most, size: 'max' })
  const many = mode === 'gradient' ? TRIAL_CHUNK + 1 : MICRO_BATCH_UNIT + 1
  const count = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(1, 2, 3) },
    { weight: 1, arbitrary: fc.constant(many) },
  )
  return count
    .chain((length) => {
      const labelled = fc.record({ trial: trialOf(length > MICRO_BATCH_UNIT ? 5 : 10), label: fc.nat(classes - 1) })
      return fc.array(labelled, { minLength: length, maxLength: length })
    })
    .map((list) => ({
      count: list.length,
      until: UNTIL,
      inputs: { in: trainsOf(list.map(({ trial: spikes }) => spikes)) },
      labels: Uint8Array.from(list, ({ label }) => label),
    }))
}

/** Groups that spikes may go around at once are neither cut nor apart. */
function placementOf(network: Network): fc.Arbitrary<Placement> {
  const hurried = hurriedGroups(network)
  if (hurried.size === 0) return arbitraryPlacement(network, 3)
  const projections = network.projections.filter(({ source, target }) => !hurried.has(source) || !hurried.has(target))
  return arbitraryPlacement({ ...network, projections }, 3).map((placement) => {
    const together = network.groups.filter(({ name }) => hurried.has(name))
    const whole = together.map(({ name, size }): GroupSlice => ({ group: name, start: 0, end: size }))
    const others = placement.cores.map(({ slices }) => slices.filter(({ group }) => !hurried.has(group)))
    const [own = [], ...rest] = others
    return definePlacement(
      network,
      [[...own, ...whole], ...rest].filter((slices) => slices.length > 0),
    )
  })
}

function wayOf(network: Network): fc.Arbitrary<SessionWay> {
  return fc.record({
    placement: placementOf(network),
    transport: fc.oneof(
      ...TRANSPORTS.map((transport, k) => ({ weight: [5, 3, 2, 1][k]!, arbitrary: fc.constant(transport) })),
    ),
    threads: fc.constantFrom(2, 3),
    order: fc.nat(),
    limits: fc.record({ credits: fc.constantFrom(2, 3, 8), maxFrame: fc.constantFrom(256, 1 << 20) }),
    microBatch: fc.constantFrom(undefined, 8),
  })
}

/** The same whenever it is asked, and whatever the numbers are. */
const noiseOf = (seed: number): fc.Arbitrary<NoiseOptions | null> => {
  const noise = {
    ...{ seed, jitter: { in: 0.3, a: 0.2, b: 0.05 }, spikeLoss: { in: 0.05, b: 0.1 }, readoutJitter: 0.2 },
    ...{ weightMismatch: { relative: 0.1, absolute: 0.001 }, thresholdMismatch: 0.02, delayMismatch: 0.05 },
  }
  const dropout = { seed, rates: { in: 0.1, a: 0.1 } } as const
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<NoiseOptions>({ noise }, { dropout }, { noise: { ...noise, tick: 0.5 }, dropout }),
    },
  )
}

/** What learning leaves is looked for most. */
const modes = fc.oneof(
  ...SESSION_MODES.map((mode) => ({ weight: mode === 'restore' ? 4 : 2, arbitrary: fc.constant(mode) })),
)

export const sessionCase: fc.Arbitrary<SessionCase> = fc
  .tuple(sessionNetwork, fc.nat(1e6), modes)
  .chain(([drawn, seed, mode]) => {
    const { network } = drawn
    // Large sparse groups refuse noise.
    const isQuiet = chooseKernels(network).some(({ engine }) => engine === 'window')
    return fc.record({
      network: fc.constant(network),
      seed: fc.constant(seed),
      trials: trialsOf(drawn, mode),
      noise: isQuiet ? fc.constant(null) : noiseOf(seed),
      mode: fc.constant(mode),
      loss: fc.nat(3),
      steps: fc.constantFrom(0, 1, 1, 1),
      before: fc.constantFrom('nothing', 'nothing', 'nothing', 'nothing', 'gradient', 'stream'),
      first: wayOf(network),
      second: wayOf(network),
      cuts: fc.record({ segment: segmentLength, stop: fc.integer({ min: 1, max: 4 }) }),
    })
  })
