import fc from 'fast-check'
import type { LabelledTrials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal, uniform } from '../../src/network/description/initializers.js'
import type { GroupSpec, Network, Quantity } from '../../src/network/description/network.js'
import {
  type Connection,
  type ConnectOptions,
  connect,
  dense,
  fixedInDegree,
  fixedProbability,
  perSource,
  perSynapse,
  synapses,
} from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { trainsOf } from '../learning/trains.js'
import { between } from './arbitraries.js'
import { denseWithNulls, nulls } from './null-weights.js'

/** A network with groups of several blocks, so that there is something to cut: groups in, a, b (LIF) and r (LI). */
export interface CutNetworkCase {
  readonly network: Network
  readonly seed: number
  readonly trials: LabelledTrials
  readonly isRecurrent: boolean
}

const UNTIL = 20
const REPEATED = { multiple: true, selfConnections: true }

/** Every shape of delays, most of them drawn; at least 1 ms around a cycle. */
function delays(sources: number, least: number): fc.Arbitrary<ConnectOptions> {
  const time = fc.oneof(fc.constantFrom(1, 2), between(least, 4))
  return fc.oneof(
    fc.constant<ConnectOptions>(least > 0 ? { delay: 1 } : {}),
    time.map((delay): ConnectOptions => ({ delay })),
    fc
      .array(time, { minLength: sources, maxLength: sources })
      .map((each): ConnectOptions => ({ delay: perSource(each) })),
    fc.constant<ConnectOptions>({ delay: perSynapse(uniform(least, 4)) }),
  )
}

interface End {
  readonly name: string
  readonly size: number
}

/** @param pull how far all spikes of the source lift the target, in thresholds, roughly */
function denseProjection(from: End, to: End, pull: number, least = 0): fc.Arbitrary<Connection> {
  const [mean, std] = shareOf(from, pull)
  return delays(from.size, least).map((options) => connect(from.name, to.name, dense(normal(mean, std)), options))
}

/** The same with few nulls. */
function holedProjection(
  from: End,
  to: End,
  pull: number,
  delayed: fc.Arbitrary<ConnectOptions> = delays(from.size, 0),
): fc.Arbitrary<Connection> {
  return fc.tuple(nulls, fc.nat(), delayed).map(([kind, seed, options]) => {
    const weights = denseWithNulls(shareOf(from, pull), { sources: from.size, targets: to.size }, kind, seed)
    return connect(from.name, to.name, weights, options)
  })
}

function mostlyDense(from: End, to: End, pull: number): fc.Arbitrary<Connection> {
  return fc.oneof(denseProjection(from, to, pull), holedProjection(from, to, pull))
}

/** Delays that all neurons of a target share. */
function sharedDelays(sources: number, least: number): fc.Arbitrary<ConnectOptions> {
  return delays(sources, least).filter(({ delay }) => typeof delay !== 'object' || delay.kind === 'perSource')
}

/** Mean and deviation of weights with which all sources together lift a target so far. */
function shareOf(from: End, pull: number): readonly [mean: number, std: number] {
  return [(6 * pull) / from.size, (6 * Math.abs(pull)) / from.size]
}

function projection(from: End, to: End, pull: number, least = 0): fc.Arbitrary<Connection> {
  const drawn = denseProjection(from, to, pull, least)
  const [mean, std] = shareOf(from, 2 * pull)
  const entry = fc.tuple(
    fc.nat(from.size - 1),
    fc.nat(to.size - 1),
    between(0, 4 * Math.abs(pull)).map((w) => Math.sign(pull) * w),
    between(least, 4),
  )
  const listed = fc
    .array(entry, { minLength: to.size, maxLength: 2 * to.size, size: 'max' })
    .map((list) => connect(from.name, to.name, synapses(list)))
  const ruled = fc
    .tuple(
      fc.oneof(
        fc
          .integer({ min: 1, max: 4 })
          .map((k) => fixedInDegree(k, normal((3 * pull) / k, Math.abs(pull) / k), REPEATED)),
        fc.constant(fixedProbability(0.5, normal(mean, std))),
      ),
      delays(from.size, least),
    )
    .map(([pattern, options]) => connect(from.name, to.name, pattern, options))
  return fc.oneof({ weight: 4, arbitrary: drawn }, { weight: 1, arbitrary: listed }, { weight: 2, arbitrary: ruled })
}

/** So few synapses that most slices of the target have none. */
function fewSynapses(from: End, to: End, pull: number): fc.Arbitrary<Connection> {
  const entry = fc.tuple(fc.nat(from.size - 1), fc.nat(to.size - 1), between(0, pull), between(0, 4))
  return fc.array(entry, { minLength: 1, maxLength: 2 }).map((list) => connect(from.name, to.name, synapses(list)))
}

function trialsOf(sources: number, classes: number): fc.Arbitrary<LabelledTrials> {
  const time = fc.oneof(
    fc.integer({ min: 0, max: 28 }).map((k) => k / 2),
    between(0, 14),
  )
  const trial = fc.array(fc.record({ time, unit: fc.nat(sources - 1) }), { minLength: 8, maxLength: 14, size: 'max' })
  const labelled = fc.record({ trial, label: fc.nat(classes - 1) })
  return fc.array(labelled, { minLength: 1, maxLength: 2 }).map((list) => ({
    count: list.length,
    until: UNTIL,
    inputs: { in: trainsOf(list.map(({ trial: spikes }) => spikes)) },
    labels: Uint8Array.from(list, ({ label }) => label),
  }))
}

const sizes = {
  sources: fc.constantFrom(5, 33, 40),
  a: fc.integer({ min: 33, max: 97 }),
  b: fc.oneof(fc.integer({ min: 2, max: 5 }), fc.integer({ min: 33, max: 40 })),
  r: fc.constantFrom(3, 34),
  seed: fc.nat(1e6),
}

type Sizes = typeof sizes

/** No group of neurons with a single block. */
const divisible: Sizes = { ...sizes, b: fc.integer({ min: 33, max: 40 }), r: fc.constant(34) }

function endsOf([sources, a, b, r]: readonly [number, number, number, number]) {
  return [
    { name: 'in', size: sources },
    { name: 'a', size: a },
    { name: 'b', size: b },
    { name: 'r', size: r },
  ] as const
}

export const cutNetworkCase = cutNetwork(sizes)

function cutNetwork(of: Sizes): fc.Arbitrary<CutNetworkCase> {
  return fc
    .record({ ...of, isRecurrent: fc.boolean() })
    .chain(({ sources, a: sizeA, b: sizeB, r: sizeR, isRecurrent, seed }) => {
      const [from, a, b, r] = endsOf([sources, sizeA, sizeB, sizeR])
      const forward: fc.Arbitrary<Connection>[] = [
        projection(from, a, sources / 5),
        projection(a, b, 3),
        projection(b, r, 2),
        projection(from, b, 1),
        fewSynapses(from, a, 9),
      ]
      const back = [projection(a, a, -2, 1), projection(b, a, 1, 1)]
      return fc
        .record({
          connections: fc.tuple(...forward, ...(isRecurrent ? back : [])),
          trials: trialsOf(sources, Math.min(sizeA, sizeB, sizeR)),
          adaptStep: fc.constantFrom(0, 0.2),
          refractory: fc.constantFrom(0, 2),
        })
        .map(({ connections, trials, adaptStep, refractory }) => {
          const neurons = { tauMem: 20, tauSyn: 5, threshold: uniform(0.9, 1.2), adaptStep, refractory }
          const network = defineNetwork<Readonly<Record<string, GroupSpec>>>({
            groups: {
              in: source(sources),
              a: lif(sizeA, neurons),
              b: lif(sizeB, { ...neurons, tauMem: 10 }),
              r: li(sizeR, { tauMem: 20, tauSynExc: 5, tauSynInh: 8, bias: 0.02 }),
            },
            projections: connections,
          })
          return { network, seed, trials, isRecurrent }
        })
    })
}

/** One whose groups all suit the SIMD kernel: dense projections with few nulls that lead forward. */
export const denseNetworkCase = denseNetwork(sizes)

/** The same with nulls everywhere, on cycles, too; all neurons of a group meet the same arrivals. */
export const holedNetworkCase = denseNetwork(divisible, ([from, a, b, r]) => {
  const holed = (source: End, target: End, pull: number, least = 0) =>
    holedProjection(source, target, pull, sharedDelays(source.size, least))
  return [
    ...[holed(from, a, from.size / 5), holed(a, b, 3), holed(b, r, 2), holed(from, b, 1)],
    ...[holed(a, a, -2, 1), holed(b, a, 1, 1)],
  ]
})

type Ends = ReturnType<typeof endsOf>

function feedForward([from, a, b, r]: Ends): readonly fc.Arbitrary<Connection>[] {
  return [mostlyDense(from, a, from.size / 5), mostlyDense(a, b, 3), mostlyDense(b, r, 2), mostlyDense(from, b, 1)]
}

function denseNetwork(
  of: Sizes,
  joined: (ends: Ends) => readonly fc.Arbitrary<Connection>[] = feedForward,
): fc.Arbitrary<CutNetworkCase> {
  return fc.record(of).chain(({ sources, a: sizeA, b: sizeB, r: sizeR, seed }) => {
    const ends = endsOf([sources, sizeA, sizeB, sizeR])
    return fc
      .record({
        connections: fc.tuple(...joined(ends)),
        trials: trialsOf(sources, Math.min(sizeA, sizeB, sizeR)),
        adaptStep: fc.constantFrom(0, 0.2),
        tauSyn: fc.constantFrom(5, 10, 6),
      })
      .map(({ connections, trials, adaptStep, tauSyn }) => {
        const refractory = [0, 2, uniform(0, 3)][seed % 3] as Quantity
        const neurons = { tauMem: 20, tauSyn, threshold: uniform(0.9, 1.2), adaptStep, refractory }
        const network = defineNetwork<Readonly<Record<string, GroupSpec>>>({
          groups: {
            in: source(sources),
            a: lif(sizeA, neurons),
            b: lif(sizeB, neurons),
            r: li(sizeR, { tauMem: 20, tauSyn, bias: 0.02 }),
          },
          projections: connections,
        })
        return { network, seed, trials, isRecurrent: joined !== feedForward }
      })
  })
}

/** One of either whose neurons can all be cut, whatever group it is. */
export const dividedNetworkCase = fc.oneof(cutNetwork(divisible), denseNetwork(divisible))
