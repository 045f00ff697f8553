import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { WatchedGradients, WatchedVoltages } from '../../src/actors/watch/watched.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { checkGradient } from '../../src/learning/gradient-check.js'
import type { Loss } from '../../src/learning/loss.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { normal } from '../../src/network/description/initializers.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'
import type { ModuleReference } from '../../src/network/modules/module-reference.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, operatorOf } from './routed-cases.js'

const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 } as const
const LOSS: Loss = { kind: 'spikeCount', group: 'out', tau: 20 }
const { labels, ...TRIALS } = CASES[0]!.trials
const HIDDEN = 16
const ROUTER = operatorOf('router.mjs', { loss: 0.2, least: 0.25, spread: 3, drift: 0.05 })

interface Ways {
  readonly first?: readonly ModuleReference[]
  readonly second?: readonly ModuleReference[]
}

const toOut = (second: readonly ModuleReference[]) =>
  connect('hidden', 'out', dense(normal(9 / HIDDEN, 6 / HIDDEN)), { delay: 1, through: second })

const layers = ({ first = [], second = [] }: Ways) =>
  defineNetwork({
    groups: { input: source(6), hidden: lif(HIDDEN, LEAKY), out: lif(3, LEAKY) },
    projections: [connect('input', 'hidden', dense(normal(0.6, 0.3)), { delay: 1, through: first }), toOut(second)],
  })

describe('the gradient events of a projection with operators', () => {
  test('are how the loss changes as a spike is sent later', async () => {
    await using session = await open(layers({ first: [ROUTER] }), { seed: 5 })
    const seen: WatchedGradients[] = []
    const subscription = session.gradients$('input->hidden').subscribe((batch) => void seen.push(batch))
    const { inputTimes } = await session.gradient(TRIALS, LOSS, labels)
    subscription.unsubscribe()
    const [{ times, units, offsets, gradients }] = seen as [WatchedGradients]
    expectSameBits({ offsets, times, units }, TRIALS.inputs.input as SpikeTrains)
    expectSameBits(gradients, inputTimes.input)
    // A dropped spike cannot be told from one that does nothing, but both are +0.
    const none = gradients.filter((value) => value === 0)
    expect(none.length).toBeGreaterThan(0)
    expect(none.every((value) => Object.is(value, 0))).toBe(true)
    const check = await checkGradient({
      values: times,
      gradient: gradients,
      step: 1e-3,
      async probe(moved) {
        const inputs = { input: { offsets, units, times: Float64Array.from(moved) } }
        const { losses } = await session.evaluate({ ...TRIALS, inputs, labels }, LOSS)
        return { value: losses.reduce<number>((sum, loss) => sum + (loss as number), 0) }
      },
    })
    expect(check.failures).toEqual([])
    expect(check.compared.length).toBeGreaterThan(0.8 * times.length)
  })

  test('of neurons are those of a source that is given their spikes', async () => {
    const network = layers({ second: [ROUTER] })
    await using session = await open(network, { seed: 5 })
    const seen: WatchedGradients[] = []
    session.gradients$('hidden->out').subscribe((batch) => void seen.push(batch))
    await session.gradient(TRIALS, LOSS, labels)
    const [{ times, units, offsets, gradients }] = seen as [WatchedGradients]
    expect(gradients.filter((value) => value !== 0).length).toBeGreaterThan(10)
    const given = defineNetwork({
      groups: { hidden: source(HIDDEN), out: lif(3, LEAKY) },
      projections: [toOut([ROUTER])],
    })
    await using fed = await open(given, { seed: 5 })
    const { inputTimes } = await fed.gradient(
      { ...TRIALS, inputs: { hidden: { times, units, offsets } } },
      LOSS,
      labels,
    )
    expectSameBits(gradients, inputTimes.hidden)

    const again: WatchedGradients[] = []
    await using several = await open(network, { seed: 5, placement: placeOnCores(network, 2) })
    several.gradients$('hidden->out').subscribe((batch) => void again.push(batch))
    await several.gradient(TRIALS, LOSS, labels)
    expectSameBits(again[0]?.gradients, gradients)
  })
})

test.each([1, 2])('voltages behind operators are refused by name, others shown, on %d cores', async (cores) => {
  const network = layers({ first: [operatorOf('keep.mjs')] })
  await using session = await open(network, { seed: 5, placement: placeOnCores(network, cores) })
  const refused: unknown[] = []
  const seen: WatchedVoltages[] = []
  session.voltages('hidden', { every: 1 }).subscribe({ error: (error) => void refused.push(error) })
  session.voltages('out', { every: 1 }).subscribe((batch) => void seen.push(batch))
  const result = await session.simulate(TRIALS)
  expect(refused).toEqual([expect.objectContaining({ code: 'VOLTAGES_ROUTED', details: { group: 'hidden' } })])
  await using plain = await open(layers({}), { seed: 5 })
  const expected: WatchedVoltages[] = []
  plain.voltages('out', { every: 1 }).subscribe((batch) => void expected.push(batch))
  expectSameBits(result, await plain.simulate(TRIALS))
  expectSameBits(seen[0]?.values, expected[0]?.values)
})
