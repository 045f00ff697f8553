import { describe, expect, test } from 'vitest'
import type { RateBand } from '../../../src/dynamics/models/rate-band.js'
import { RATE_BANDS } from '../../../src/learning/banded-step.js'
import { firstSpike, vMax } from '../../../src/learning/define-loss.js'
import { openSurrogate } from '../../../src/learning/surrogate/open-surrogate.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { LIF, step } from '../../actors/small-networks.js'
import { casesOf } from '../../support/cases-of.js'
import { trainsOf } from '../trains.js'
import { checkAgainstDuals } from './dual-comparison.js'

/** Narrow bands at which some neurons are above, some below, for every group that spikes. */
function bandsOf({ groups }: Network) {
  const names = groups.filter(({ kind }) => kind === 'lif').map(({ name }) => name)
  return { rateBand: Object.fromEntries(names.map((name, k) => [name, { low: 1, high: 1.5, strength: 0.2 + k }])) }
}

const checkBand = (question: Parameters<typeof checkAgainstDuals>[0]) =>
  checkAgainstDuals({ ...question, besideIn: bandsOf }, casesOf({ short: 5, long: 12 }))

describe('the push is the surrogate gradient of the squared distance from the band, in dual numbers', () => {
  test('beside a readout', checkBand({ readout: 'li', recurrence: 'never', lossOf: vMax }))
  test('with cycles', checkBand({ readout: 'li', recurrence: 'always', lossOf: vMax }))
  test('of the group of the loss', checkBand({ readout: 'none', recurrence: 'never', lossOf: firstSpike }))
})

/** One strong and one silent neuron. */
const network = defineNetwork({
  groups: { in: source(1), hidden: lif(2, LIF), out: li(2, { tauMem: 20, tauSyn: 5 }) },
  projections: [connect('in', 'hidden', dense([[9], [1]])), connect('hidden', 'out', dense(0.1))],
})
const trials = {
  count: 1,
  until: 60,
  inputs: { in: trainsOf([[2, 10, 18, 26, 34, 42].map((time) => ({ time, unit: 0 }))]) },
  labels: Uint8Array.of(0),
}

async function countsAfter(rates: object, hidden?: RateBand) {
  await using session = openSurrogate(network, { dt: 0.5 })
  const options = step({ loss: vMax('out'), rates, ...(hidden && { [RATE_BANDS]: { hidden } }) })
  for (let k = 0; k < 250; k++) await session.train(trials, options)
  const { units } = (await session.simulate(trials)).spikes.hidden ?? { units: [] }
  return [0, 1].map((unit) => units.filter((each) => each === unit).length)
}

test.each([
  [{ weights: 0.05 }, 1],
  [{ thresholds: 0.05 }, 0.02],
  [{ bias: 0.05 }, 0.02],
])('a training of %o brings neurons into the band, from above and out of silence', async (rates, strength) => {
  const [strong = 0, silent = 0] = await countsAfter(rates)
  expect(strong).toBeGreaterThan(6)
  expect(silent).toBe(0)
  for (const count of await countsAfter(rates, { low: 3, high: 5, strength })) {
    expect(count).toBeGreaterThanOrEqual(3)
    expect(count).toBeLessThanOrEqual(5)
  }
})

test('within the band, or without strength, nothing changes, and the reported loss never does', async () => {
  const after = async (hidden?: RateBand) => {
    await using session = openSurrogate(network, { dt: 0.5 })
    const options = step({ loss: vMax('out'), rates: { weights: 0.1 }, ...(hidden && { [RATE_BANDS]: { hidden } }) })
    const { losses } = await session.train(trials, options)
    return { losses, parameters: await session.parameters() }
  }
  const free = await after()
  expect(await after({ low: 0, high: 100, strength: 1 })).toEqual(free)
  expect(await after({ low: 3, high: 5, strength: 0 })).toEqual(free)
  const held = await after({ low: 3, high: 5, strength: 1 })
  expect(held.losses).toEqual(free.losses)
  expect(held.parameters).not.toEqual(free.parameters)
})
