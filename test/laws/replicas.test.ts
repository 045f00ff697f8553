import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { openCluster } from '../../src/actors/open-cluster.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import type { LabelledTrials, Session, StepOptions } from '../../src/learning/session.js'
import { actor } from '../../src/network/description/actor-group.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { normal } from '../../src/network/description/initializers.js'
import { connect, dense, oneToOne, operator, perSource } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { DROPPING, NOISY_TRIALS, noisyCycles, noisyLayers, noisyReadout, ROUNDED } from '../actors/noisy-networks.js'
import { step } from '../actors/small-networks.js'
import { casesOf } from '../support/cases-of.js'
import { courseOf } from '../support/course-of.js'
import { dealtCase } from '../support/dealt-case.js'
import { failureOf } from '../support/failure-of.js'
import { repeatTrains } from '../support/repeat-trains.js'
import { expectSameBits } from '../support/same-bits.js'

const SETTINGS = { numRuns: casesOf({ short: 4, long: 20 }), seed: 23, endOnFailure: true }

test('no number of replicas changes a bit', async () => {
  let spikes = 0
  await fc.assert(
    fc.asyncProperty(dealtCase, async ({ network, seed, placement, replicas, trials }) => {
      const whole = await courseOf(await open(network, { seed }), trials)
      const cluster = await openCluster(network, placement, { seed, replicas, transport: 'local' })
      expectSameBits(await courseOf(cluster, trials), whole)
      spikes += whole.simulated.spikes.b!.times.length
    }),
    SETTINGS,
  )
  expect(spikes).toBeGreaterThan(100 * SETTINGS.numRuns)
})

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const RATES = { weights: 0.02, delays: 0.05, thresholds: 0.01, adaptation: 0.01, taus: 0.2, bias: 0.01 }
const LEARN: StepOptions = step({
  loss: { kind: 'spikeCount', group: 'out', tau: 20 },
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: RATES,
  bounds: { delays: [0.5, 10], thresholds: [0.3, 3] },
  silentWeightStep: { hidden: 0.01, out: 0.01 },
})
const READ: StepOptions = { ...LEARN, loss: { kind: 'vMax', group: 'out' }, silentWeightStep: { hidden: 0.01 } }
const module = (path: string) => new URL(path, import.meta.url)

/** Chance in every place where it may enter. */
const BY_CHANCE = defineNetwork({
  groups: {
    in: source(4),
    drive: poisson(4, { rate: 200 }),
    relay: actor(4, module('modules/random-delays.mjs'), {}, { gradients: 'stop' }),
    hidden: lif(40, LIF),
    out: li(3, { tauMem: 15, tauSyn: 6 }),
  },
  projections: [
    connect('in', 'relay', oneToOne(1), { delay: 1 }),
    connect('relay', 'hidden', dense(normal(2, 1)), { delay: 1 }),
    connect('drive', 'hidden', dense(normal(1, 0.5)), { delay: perSource(1) }),
    connect('in', 'hidden', dense(normal(2, 1)), {
      delay: 1,
      through: [operator(module('../operators/modules/router.mjs'), { loss: 0.3 })],
    }),
    connect('hidden', 'out', dense(normal(0.3, 0.3))),
  ],
})

const COURSES = [
  ['layers on a noisy device', noisyLayers(70), { ...LEARN, noise: ROUNDED }],
  [
    'cycles with jitter and loss',
    noisyCycles(),
    { ...LEARN, noise: { seed: 3, jitter: { in: 0.2 }, spikeLoss: { hidden: 0.1 } } },
  ],
  ['layers with dropout', noisyLayers(), { ...LEARN, dropout: DROPPING.dropout }],
  ['a readout with clipped gradients', noisyReadout(40), { ...READ, clipNorm: 1e-3 }],
  ['spikes by chance', BY_CHANCE, { ...READ, rates: { weights: 0.02 } }],
] as const

function labelled(count: number): LabelledTrials {
  const inputs = { in: repeatTrains(NOISY_TRIALS.inputs.in, count) }
  return { ...NOISY_TRIALS, count, inputs, labels: Uint8Array.from({ length: count }, (_, k) => k % 3) }
}

/** Mini-batches of several lengths, the last ones with fewer chunks than there are replicas. */
async function course(session: Session, options: StepOptions) {
  const steps = []
  for (const [draw, count] of [70, 130, 40, 7].entries())
    steps.push(await session.train(labelled(count), { ...options, draw }))
  const { noise } = options
  const evaluated = await session.evaluate(labelled(70), options.loss, noise === undefined ? {} : { noise, draw: 9 })
  const saved = await session.save()
  await session.restore(saved)
  steps.push(await session.train(labelled(65), options))
  const state = await session.save()
  await session.close()
  return { steps, evaluated, state }
}

test.each(COURSES)('%s: replicas learn, evaluate and save the same bits', async (_, network, options) => {
  const whole = await course(await open(network, { seed: 4 }), options as StepOptions)
  expect(whole.steps[0]!.gradientNorm).toBeGreaterThan(0)
  for (const [cores, replicas] of [
    [1, 2],
    [2, 3],
  ] as const) {
    const cluster = await openCluster(network, placeOnCores(network, cores), { seed: 4, replicas, transport: 'local' })
    expectSameBits(await course(cluster, options as StepOptions), whole)
  }
})

test('a first mini-batch with fewer chunks than replicas is refused with the largest number', async () => {
  const network = noisyLayers()
  await using cluster = await openCluster(network, placeOnCores(network, 1), { replicas: 3, transport: 'local' })
  await expect(cluster.train(labelled(64), LEARN)).rejects.toMatchObject({
    code: 'REPLICAS_TOO_MANY',
    mistake: { field: 'options.replicas', expected: expect.stringContaining('at most 2') },
  })
  await cluster.train(labelled(65), LEARN)
})

test('a session that goes on from a state may do so with a mini-batch of fewer chunks than replicas', async () => {
  const network = noisyLayers()
  const ways = { seed: 4, replicas: 3, transport: 'local' } as const
  await using whole = await open(network, { seed: 4 })
  await whole.train(labelled(70), LEARN)
  await using cluster = await openCluster(network, placeOnCores(network, 1), ways)
  await cluster.restore(await whole.save())
  const expected = await whole.train(labelled(20), LEARN)
  expectSameBits(await cluster.train(labelled(20), LEARN), expected)
})

test('a run that fails in one replica ends in all, and the next one has the bits of one process', async () => {
  const network = noisyLayers()
  const limited = { seed: 4, spikeLimit: 0.03 }
  await using whole = await open(network, limited)
  await using cluster = await openCluster(network, placeOnCores(network, 2), {
    ...limited,
    replicas: 2,
    transport: 'local',
  })
  const quiet = {
    ...labelled(70),
    inputs: { in: { offsets: new Uint32Array(71), times: new Float64Array(0), units: new Uint32Array(0) } },
  }
  // The second half alone spikes.
  const loud = labelled(70)
  const from = loud.inputs.in!.offsets[40]!
  const late = {
    offsets: loud.inputs.in!.offsets.map((offset) => Math.max(0, offset - from)),
    times: loud.inputs.in!.times.slice(from),
    units: loud.inputs.in!.units.slice(from),
  }
  const errors = await Promise.all(
    [whole, cluster].map((session) => failureOf(session.train({ ...loud, inputs: { in: late } }, LEARN))),
  )
  const { code, details } = errors[0]!
  expect(details?.trial).toBeGreaterThanOrEqual(40)
  expect(errors[1]).toMatchObject({ code, details })
  const [expected, found] = await Promise.all([whole, cluster].map((session) => session.train(quiet, LEARN)))
  expectSameBits(found, expected)
})
