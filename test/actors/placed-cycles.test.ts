import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { definePlacement } from '../../src/hardware/define-placement.js'
import type { Session } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import { expectSameBits } from '../support/same-bits.js'
import { spikesAt, sumOfTimes } from './small-networks.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** a and b spike into each other in no time; c closes a second, slower cycle around them. */
const network = defineNetwork({
  groups: { in: source(1), a: lif(1, NEURON), b: lif(1, NEURON), c: lif(40, NEURON) },
  projections: [
    connect('in', 'a', dense(9)),
    connect('a', 'b', dense(8)),
    connect('b', 'a', dense(-1)),
    connect('b', 'c', dense(7), { delay: 1 }),
    connect('c', 'a', dense(0.2), { delay: 2 }),
    connect('c', 'c', dense(-0.1), { delay: 1.5 }),
  ],
})

const whole = (group: string) => ({ group, start: 0, end: 1 })
const placement = definePlacement(network, [
  [whole('in'), { group: 'c', start: 32, end: 40 }],
  [whole('a'), whole('b')],
  [{ group: 'c', start: 0, end: 32 }],
])

test('groups around a cycle without delay run event by event where they are, whatever else their cycle crosses', async () => {
  const trials = { count: 1, until: 40, inputs: { in: spikesAt(1, 6, 9) } }
  const run = async (session: Session) => {
    const { spikes } = await session.simulate(trials)
    const loss = sumOfTimes('c', spikes.c?.times.length ?? 0)
    const gradient = await session.gradient(trials, loss)
    await session.close()
    return { spikes, gradient }
  }
  const here = await run(await open(network))
  expectSameBits(await run(await open(network, { placement })), here)
  expect(here.spikes.a?.times.length).toBeGreaterThan(1)
  expect(here.spikes.c?.times.length).toBeGreaterThan(40)
  expect(here.gradient.inputTimes.in?.every((g) => g !== 0)).toBe(true)
})
