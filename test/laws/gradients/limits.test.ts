import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { withValues } from '../../../src/network/instance/with-values.js'
import { between } from '../../support/arbitraries.js'
import { arbitraryGradientCase } from '../../support/arbitrary-gradient-case.js'
import { casesOf } from '../../support/cases-of.js'
import { PROBE_KINDS, type ProbeKind, ProbeNetwork } from '../../support/probe-network.js'
import { ASSERT, breathe, UNHINGED, withOwnLoss } from './expect-gradients.js'

const DELAY_KINDS: readonly ProbeKind[] = ['scalar delays', 'delays per source', 'delays per synapse']

describe('where quotients cannot reach', () => {
  test('a delay of 0 has the gradient that small delays tend to', async () => {
    let compared = 0
    let unequal = 0
    const property = fc.asyncProperty(
      arbitraryGradientCase({ cycles: 'immediate', readout: 'spikes' }),
      async (given) => {
        const { trials, loss } = await withOwnLoss(given)
        const network = new ProbeNetwork(given.network, trials, loss)
        const at0 = await network.gradient()
        const at1 = await lifted(network, 1e-6)
        const at2 = await lifted(network, 1e-6)
        if (at1.sequence.text !== at0.sequence.text || at2.sequence.text !== at0.sequence.text) unequal++
        else
          for (const kind of PROBE_KINDS) {
            const scale = at0.gradients[kind].reduce((top, entry) => Math.max(top, Math.abs(entry)), 0)
            at0.gradients[kind].forEach((entry, k) => {
              const limit = 2 * at1.gradients[kind][k]! - at2.gradients[kind][k]!
              expect(Math.abs(entry - limit), network.nameOf(kind, k)).toBeLessThanOrEqual(1e-6 * scale)
              if (entry !== 0) compared++
            })
          }
        network.close()
        await breathe()
      },
    )
    const numRuns = casesOf({ short: 4, long: 20 })
    await fc.assert(property, { ...ASSERT, numRuns })
    expect(compared).toBeGreaterThan(10 * numRuns)
    // Beside projections without any delay, which can't be lengthened, simultaneous arrivals change their order.
    expect(unequal).toBeLessThanOrEqual(numRuns / 4)
  })

  /** Lengthens the shortest delays, which are those of 0 at first. */
  async function lifted(network: ProbeNetwork, by: number) {
    for (const kind of DELAY_KINDS)
      network.move(
        kind,
        network.values(kind).map((delay) => (delay < 0.1 ? delay + by : delay)),
      )
    return network.gradient()
  }

  test('event by event and in windows the same bits come out', async () => {
    const property = fc.asyncProperty(
      arbitraryGradientCase({ cycles: 'immediate', readout: 'spikes' }),
      async (given) => {
        const instance = instantiate(given.network, 0)
        const { labels, trials } = given
        const loss = { loss: { kind: 'spikeCount', group: 'output', tau: 20 }, labels, ...UNHINGED } as const
        const longer = (delays: Float64Array) => delays.map((delay) => (delay === 0 ? 1 : delay + 0.5))
        const immediate = new ProbeNetwork(given.network, trials, loss)
        for (const kind of DELAY_KINDS) immediate.move(kind, longer(immediate.values(kind)))
        const projections = instance.projections.map((each) => ({ ...each, delays: longer(each.delays) }))
        const delayed = new ProbeNetwork(withValues(given.network, { ...instance, projections }), trials, loss)
        expect(await immediate.gradient()).toEqual(await delayed.gradient())
        fc.pre(immediate.runsEventByEvent && !delayed.runsEventByEvent)
        await breathe()
      },
    )
    await fc.assert(property, { ...ASSERT, numRuns: casesOf({ short: 4, long: 10 }) })
  })
})

describe('the probes', () => {
  test('see what a freshly opened network shows', async () => {
    const range = { cycles: 'delayed', readout: 'spikes' } as const
    const property = fc.asyncProperty(arbitraryGradientCase(range), between(0.001, 0.1), async (given, shift) => {
      const { trials, loss } = await withOwnLoss(given)
      const instance = instantiate(given.network, 0)
      const probe = new ProbeNetwork(given.network, trials, loss)
      await probe.gradient()
      const shifted = probe.values('thresholds').map((threshold) => threshold + shift)
      probe.move('thresholds', shifted)
      const groups = instance.groups.map((group) => {
        return group.kind === 'lif' ? { ...group, threshold: group.threshold.map((each) => each + shift) } : group
      })
      const session = await open(withValues(given.network, { ...instance, groups }))
      const labels = loss.labels ?? undefined
      try {
        const { losses, gradients, inputTimes } = await session.gradient(trials, loss.loss, labels)
        const found = await probe.gradient()
        expect(found.value).toBe(losses.reduce<number>((sum, each) => sum + (each ?? 0), 0))
        expect(found.gradients['input times']).toEqual(inputTimes.input)
        const thresholds = Object.values(gradients.groups).flatMap(({ threshold }) => [...(threshold ?? [])])
        expect([...found.gradients.thresholds]).toEqual(thresholds)
      } catch (error) {
        // Other thresholds may mean other spikes than the linear loss has coefficients for.
        fc.pre(!(error instanceof Error && 'code' in error && error.code === 'LOSS_COEFFICIENT_COUNT'))
        throw error
      }
      await session.close()
    })
    await fc.assert(property, { ...ASSERT, numRuns: casesOf({ short: 6, long: 20 }) })
  })

  test('stopping the output after its first spike changes no bit of a first-spike gradient', async () => {
    const range = { cycles: 'none', readout: 'spikes' } as const
    let stopped = 0
    const property = fc.asyncProperty(arbitraryGradientCase(range), async ({ network, trials, labels }) => {
      const loss = { kind: 'firstSpike', group: 'output', tau0: 2, alpha: 0.01, tau1: 20 } as const
      const probe = new ProbeNetwork(network, trials, { loss, labels, ...UNHINGED })
      const whole = await probe.gradient()
      const short = await probe.gradient({ stopAfterFirst: true })
      expect(short.value).toBe(whole.value)
      expect(short.gradients).toEqual(whole.gradients)
      stopped += whole.sequence.counts.spikes - short.sequence.counts.spikes
    })
    await fc.assert(property, { ...ASSERT, numRuns: casesOf({ short: 6, long: 20 }) })
    expect(stopped).toBeGreaterThan(0)
  })
})
