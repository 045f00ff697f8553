import fc from 'fast-check'
import type { Kernel } from '../../src/dynamics/kernel.js'
import type { KernelKind } from '../../src/dynamics/kernel-kind.js'
import { chosenKernelOfGroup } from '../../src/dynamics/kernel-of-group.js'
import type { KernelOptions } from '../../src/dynamics/kernel-options.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { defineNetwork } from '../../src/network/define-network.js'
import { li, source } from '../../src/network/groups.js'
import type { NetworkInstance } from '../../src/network/instance.js'
import { instantiate } from '../../src/network/instantiate.js'
import type { GroupSpec } from '../../src/network/network.js'
import { type Connection, connect, dense } from '../../src/network/projections.js'
import { trainsOf } from '../learning/trains.js'
import { between } from './arbitraries.js'
import { connection, delayTime, forthWeight, lifGroup } from './network-case.js'

/** One group x with three projections into it: without delay, and with delays of any shape. */
export interface KernelCase {
  readonly instance: NetworkInstance
  /** One train per projection. */
  readonly trains: readonly SpikeTrains[]
  readonly trials: number
  /** When the input begins; the neurons are at rest, or on their way to the bias, before. */
  readonly from: number
  readonly until: number
}

const SOURCES = 3

export function kernelCase(kind: 'lif' | 'li'): fc.Arbitrary<KernelCase> {
  const size = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) }, fc.constant(34))
  const readout = (n: number): fc.Arbitrary<GroupSpec> =>
    fc
      .record({
        tauMem: between(5, 30),
        tauSynExc: between(2, 10),
        tauSynInh: between(2, 30),
        bias: between(-0.1, 0.2),
      })
      .map((parameters) => li(n, parameters))
  const time = fc.oneof(
    fc.integer({ min: 0, max: 50 }).map((k) => k / 2),
    between(0, 25),
  )
  const trial = fc.array(fc.record({ time, unit: fc.nat(SOURCES - 1) }), { maxLength: 10, size: 'max' })
  return fc
    .tuple(size, fc.integer({ min: 1, max: 10 }))
    .chain(([n, trials]) => {
      const weight = kind === 'lif' ? forthWeight(SOURCES) : between(-3, 3)
      const edge = () =>
        connection('in', 'x', [SOURCES, n], { time: delayTime, weight }) as fc.Arbitrary<Connection<'in', 'x'>>
      const rows = fc.array(fc.array(weight, { minLength: SOURCES, maxLength: SOURCES }), {
        minLength: n,
        maxLength: n,
      })
      const train = fc.array(trial, { minLength: trials, maxLength: trials })
      return fc.record({
        x: kind === 'lif' ? lifGroup(n) : readout(n),
        first: rows.map((weights) => connect('in', 'x', dense(weights))),
        others: fc.tuple(edge(), edge()),
        trains: fc.tuple(train, train, train),
        from: fc.constantFrom(0, 0, 0, 1000, 999_983),
      })
    })
    .map(({ x, first, others, trains, from }) => {
      const network = defineNetwork({ groups: { in: source(SOURCES), x }, projections: [first, ...others] })
      const shifted = trains.map((list) =>
        trainsOf(list.map((spikes) => spikes.map((spike) => ({ ...spike, time: from + spike.time })))),
      )
      return { instance: instantiate(network, 0), trains: shifted, trials: trains[0].length, from, until: from + 35 }
    })
}

export function kernelOf({ instance }: KernelCase, kind: KernelKind = 'reference'): Kernel {
  return chosenKernelOfGroup(kind, instance, 'x')
}

export function optionsOf({ trials, until }: KernelCase, options: Partial<KernelOptions> = {}): KernelOptions {
  return {
    trials,
    until,
    whole: true,
    gradients: true,
    stopAfterFirst: false,
    trackSilent: false,
    undefinedSlope: 'ignore',
    beat: () => undefined,
    ...options,
  }
}
