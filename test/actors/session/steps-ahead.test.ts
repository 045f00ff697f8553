import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { liIntegral } from '../../../src/learning/define-loss.js'
import type { Session, StepOptions } from '../../../src/learning/session.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { openLinked } from '../../support/open-linked.js'
import { expectSameBits } from '../../support/same-bits.js'
import { ADAM, FIVE_UNITS, LABELS, step } from '../small-networks.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const NETWORK = defineNetwork({
  groups: {
    in: source(6),
    hidden: lif(70, { ...LIF, adaptStep: 0.05, tauAdapt: 30 }),
    out: lif(3, LIF),
    readout: li(2, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [
    connect('in', 'hidden', dense(normal(1.5, 0.8)), { delay: perSource(uniform(0, 3)) }),
    connect('hidden', 'out', dense(normal(0.1, 0.1)), { delay: 1 }),
    connect('hidden', 'readout', dense(normal(0, 0.001)), { delay: 1 }),
  ],
})
const SEED = 3
const TRIALS = {
  count: 2,
  until: 50,
  labels: LABELS,
  inputs: FIVE_UNITS,
}
const RATES = { weights: 0.02, delays: 0.1, thresholds: 0.01, taus: 0.3 }
const GOOD = step({ optimizer: ADAM, rates: RATES, bounds: { delays: [0, 10] } })
const lossOf = (scale: number) => liIntegral('readout', { scale })
/** Too large to be squared. */
const HUGE: StepOptions = { ...GOOD, loss: lossOf(1e200) }
/** Its sums over synapses are no numbers any more. */
const ENDLESS: StepOptions = { ...GOOD, loss: lossOf(1e308) }
const CLIPPED: StepOptions = { ...GOOD, clipNorm: 1e-3 }

const cores = [1, 2, 3] as const

async function openOn(count: number): Promise<Session> {
  if (count === 1) return open(NETWORK, { seed: SEED })
  return openLinked(NETWORK, placeOnCores(NETWORK, count), { seed: SEED })
}

/** What a session is after steps that are each waited for; steps that are not taken are left out. */
async function afterSteps(steps: readonly StepOptions[]) {
  await using session = await open(NETWORK, { seed: SEED })
  for (const each of steps) await session.train(TRIALS, each)
  return session.save()
}

/**
 * Delays per source that both slices of `hidden` share. Only the gradient of the second slice is too large to be squared:
 * its weights from `in` are 0, so it adds nothing to that of the delays.
 */
const ONE_SLICE_HUGE = defineNetwork({
  groups: { in: source(6), clock: source(6), hidden: lif(64, LIF), readout: li(2, { tauMem: 20, tauSyn: 5 }) },
  projections: [
    connect('in', 'hidden', dense(rows(64, 6, (unit) => (unit < 32 ? 2 : 0))), { delay: perSource(uniform(0, 3)) }),
    connect('clock', 'hidden', dense(2), { delay: perSynapse(1) }),
    connect('hidden', 'readout', dense(rows(2, 64, (to, from) => (to === 0 && from >= 32 ? 1e170 : 0.01 * to)))),
  ],
})

function rows(count: number, size: number, weightOf: (row: number, column: number) => number): number[][] {
  return Array.from({ length: count }, (_, row) => Array.from({ length: size }, (_, column) => weightOf(row, column)))
}

const outcome = (outcome: Promise<unknown>) => outcome.then(() => 'taken').catch(({ code }) => code as string)

describe.each(cores)('steps on %i cores', (count) => {
  test('that nobody waits for come to what steps come to that are waited for', async () => {
    await using session = await openOn(count)
    const steps = [GOOD, GOOD, CLIPPED, GOOD, HUGE, GOOD, CLIPPED, CLIPPED, GOOD]
    const outcomes = steps.map((each) => outcome(session.train(TRIALS, each)))
    const state = session.save()
    expect(await Promise.all(outcomes)).toEqual(steps.map(() => 'taken'))
    expectSameBits(await state, await afterSteps(steps))
  })

  test('are shown once each to who watches; those that are not taken never', async () => {
    await using session = await open(NETWORK, { seed: SEED, placement: placeOnCores(NETWORK, count) })
    const shown: Float64Array[] = []
    session.spikes$('hidden').subscribe(({ times }) => void shown.push(times))
    const steps = [GOOD, HUGE, GOOD, ENDLESS, GOOD, CLIPPED, HUGE, GOOD]
    const outcomes = await Promise.all(steps.map((each) => outcome(session.train(TRIALS, each))))
    expect(outcomes.filter((outcome) => outcome !== 'taken')).toHaveLength(1)
    const alone: Float64Array[] = []
    await using other = await open(NETWORK, { seed: SEED })
    other.spikes$('hidden').subscribe(({ times }) => void alone.push(times))
    for (const each of steps.filter((one) => one !== ENDLESS)) await other.train(TRIALS, each)
    expectSameBits(shown, alone)
    expect(shown).toHaveLength(steps.length - 1)
  })

  test('without a finite gradient leave the session as it was, while the next one is under way', async () => {
    await using session = await openOn(count)
    const first = session.train(TRIALS, GOOD)
    const outcomes = [ENDLESS, GOOD, ENDLESS, GOOD].map((each) => outcome(session.train(TRIALS, each)))
    const state = session.save()
    await first
    expect(await Promise.all(outcomes)).toEqual(['GRADIENT_NOT_FINITE', 'taken', 'GRADIENT_NOT_FINITE', 'taken'])
    expectSameBits(await state, await afterSteps([GOOD, GOOD, GOOD]))
  })

  test('ahead of one that is not taken are not taken either', async () => {
    await using session = await openOn(count)
    const trainAhead = session.trainAhead ?? session.train
    if (count === 1) {
      expect(session.trainAhead).toBeUndefined()
      return
    }
    const outcomes = [
      outcome(session.train(TRIALS, GOOD)),
      outcome(trainAhead(TRIALS, ENDLESS)),
      outcome(trainAhead(TRIALS, GOOD)),
      outcome(trainAhead(TRIALS, GOOD)),
    ]
    expect(await Promise.all(outcomes)).toEqual(['taken', 'GRADIENT_NOT_FINITE', 'STEP_NOT_TAKEN', 'STEP_NOT_TAKEN'])
    expectSameBits(await session.save(), await afterSteps([GOOD]))
  })
})

test('that one slice declines leaves the delays that it shares as they were', async () => {
  const trials = { ...TRIALS, labels: Uint8Array.of(1, 1), inputs: { in: FIVE_UNITS.in, clock: FIVE_UNITS.in } }
  const options = step({ optimizer: ADAM, rates: { weights: 0.02, delays: 0.1 }, loss: lossOf(1) })
  const slice = (group: string, start: number, end: number) => ({ group, start, end })
  const whole = [slice('in', 0, 6), slice('clock', 0, 6), slice('readout', 0, 2)]
  const placements = [
    [[...whole, slice('hidden', 0, 64)]],
    [[slice('hidden', 0, 32)], [...whole, slice('hidden', 32, 64)]],
  ]
  const [alone, both] = await Promise.all(
    placements.map(async (cores) => {
      await using session = await open(ONE_SLICE_HUGE, {
        seed: SEED,
        placement: definePlacement(ONE_SLICE_HUGE, cores),
      })
      const { gradientNorm, losses } = await session.train(trials, options)
      return { gradientNorm, losses, state: await session.save() }
    }),
  )
  expect(alone!.gradientNorm).toBeGreaterThan(1e160)
  expectSameBits(both, alone)
})
