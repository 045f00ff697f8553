import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { KERNEL_KINDS, type KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Session } from '../../../src/learning/session.js'
import { trainedNetwork } from '../../../src/learning/trained-network.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { TAU_FIELDS } from '../../../src/network/description/time-constants.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { isLong } from '../../support/cases-of.js'
import { inTurn } from '../../support/in-turn.js'
import { ADAM, LABELS, step } from '../small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1, tauAdapt: 40, adaptStep: 0.1 } as const

/** Shared constants, with and without an order of arrivals per neuron; constants of their own; and a readout. */
const NETWORK = defineNetwork({
  groups: {
    in: source(70),
    a: lif(70, LIF),
    b: lif(40, {
      ...LIF,
      tauMem: uniform(15, 25),
      tauSyn: undefined,
      tauSynExc: 5,
      tauSynInh: uniform(5, 5.5),
    } as never),
    out: lif(2, { ...LIF, adaptStep: 0 }),
    r: li(2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'a', dense(normal(0.5, 0.4)), { delay: perSynapse(uniform(0, 5)) }),
    connect('a', 'b', dense(normal(0.1, 0.2)), { delay: 1 }),
    connect('a', 'out', dense(normal(0.3, 0.2)), { delay: 1 }),
    connect('b', 'out', dense(normal(0.2, 0.1))),
    connect('a', 'r', dense(normal(0, 0.2))),
  ],
})

const TRIALS = {
  count: 2,
  until: 50,
  labels: LABELS,
  inputs: {
    in: trainsOf([
      Array.from({ length: 70 }, (_, unit) => ({ time: unit / 4, unit })),
      Array.from({ length: 70 }, (_, k) => ({ time: k / 8, unit: 69 - k })),
    ]),
  },
}

const opened = (kernel: KernelKind, cores = 1, network: Network = NETWORK) =>
  open(network, { seed: 3, kernel, placement: placeOnCores(network, cores) })

async function tausOf(session: Session): Promise<readonly { readonly name: string; readonly values: Float64Array }[]> {
  const { groups } = await session.parameters()
  return Object.entries(groups).flatMap(([name, group]) =>
    TAU_FIELDS.flatMap((field) => {
      const values = group[field]
      return values === undefined ? [] : [{ name: `${name} ${field}`, values }]
    }),
  )
}

/** In words, as an option, and as a share of the start. */
const BOUNDS = [
  ['a quarter and four times their start', {}, [0.25, 4]],
  ['bounds in ms', { taus: [4, 6] }, null],
] as const

describe.each(KERNEL_KINDS)('learned time constants on the %s kernel', (kernel) => {
  test('are those of the runs that follow: a network described by them does the same to the bit', async () => {
    await using session = await opened(kernel)
    const options = step({ optimizer: ADAM, rates: { taus: 0.5 } })
    for (let k = 0; k < 2; k++) await session.train(TRIALS, options)
    await using fresh = await opened(kernel, 1, await trainedNetwork(session, 3))
    const loss = { kind: 'vMax', group: 'r' } as const
    expect(await session.gradient(TRIALS, options.loss, LABELS)).toEqual(
      await fresh.gradient(TRIALS, options.loss, LABELS),
    )
    expect(await session.gradient(TRIALS, loss, LABELS)).toEqual(await fresh.gradient(TRIALS, loss, LABELS))
  })

  test('are the same wherever the network is placed', async () => {
    const options = step({ optimizer: ADAM, rates: { taus: 0.5, weights: 0.01 }, clipNorm: 0.1 })
    const course = async (cores: number) => {
      await using session = await opened(kernel, cores)
      const steps = []
      for (let k = 0; k < 2; k++) steps.push(await session.train(TRIALS, options))
      return { steps, state: await session.save() }
    }
    const whole = await course(1)
    for (const cores of isLong() ? [2, 4] : [4]) expect(await course(cores)).toStrictEqual(whole)
  })

  test.each(inTurn<(typeof BOUNDS)[number]>(BOUNDS, KERNEL_KINDS.indexOf(kernel)))(
    'stay within %s, however large the step',
    async (_, bounds, share) => {
      await using session = await opened(kernel)
      const before = await tausOf(session)
      for (const group of ['out', 'r'] as const) {
        const loss = group === 'r' ? ({ kind: 'vMax', group } as const) : step({}).loss
        await session.train(TRIALS, step({ loss, optimizer: ADAM, rates: { taus: 1000 }, bounds }))
      }
      const after = await tausOf(session)
      let ended = 0
      after.forEach(({ name, values }, k) => {
        values.forEach((tau, n) => {
          const start = before[k]!.values[n]!
          const [low, high] = share === null ? [4, 6] : [share[0] * start, share[1] * start]
          expect(low <= tau && tau <= high, `${name} ${tau}`).toBe(true)
          if (tau === low || tau === high) ended++
        })
      })
      expect(ended).toBeGreaterThan(10)
    },
  )
})

/** Relative to the sum of all magnitudes: the SIMD kernel computes with own time constants in another way. */
const ONE_OR_MANY = [
  ['reference', 1e-13],
  ['simd', 1e-11],
] as const

test.each(ONE_OR_MANY)(
  'what the description gives as one number has one gradient, the sum of those of its neurons: %s',
  async (kernel, bound) => {
    const own = (network: Network): Network => ({
      ...network,
      groups: network.groups.map((group) => {
        if (group.name !== 'a' || group.kind !== 'lif') return group
        const each = (tau: unknown) => Array.from({ length: group.size }, () => tau as number)
        return {
          ...group,
          tauMem: each(group.tauMem),
          tauSyn: each(group.tauSyn),
          tauAdapt: each(group.tauAdapt),
        } as never
      }),
    })
    await using shared = await opened(kernel)
    await using single = await opened(kernel, 1, own(NETWORK))
    const { loss } = step({})
    const [one, many] = await Promise.all([
      shared.gradient(TRIALS, loss, LABELS),
      single.gradient(TRIALS, loss, LABELS),
    ])
    for (const field of ['tauMem', 'tauSyn', 'tauAdapt'] as const) {
      const [total, parts] = [one.gradients.groups.a![field]!, many.gradients.groups.a![field]!]
      expect([total.length, parts.length]).toEqual([1, 70])
      const magnitude = parts.reduce((sum, part) => sum + Math.abs(part), 0)
      expect(magnitude, field).toBeGreaterThan(0)
      expect(Math.abs(parts.reduce((sum, part) => sum + part, 0) - total[0]!)).toBeLessThanOrEqual(bound * magnitude)
    }
  },
)
