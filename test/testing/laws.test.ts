import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { Recording, Session, Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { uniform } from '../../src/network/description/initializers.js'
import { connect, dense, perSource, perSynapse } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { compareGradient } from '../../src/testing/compare-gradient.js'
import { eventSequence } from '../../src/testing/event-sequence.js'
import { gradientMatchesQuotients } from '../../src/testing/gradient-matches-quotients.js'
import { neuronEvents } from '../../src/testing/neuron-events.js'
import { recordingsAreEqual } from '../../src/testing/recordings-are-equal.js'
import { spikesAreOrdered } from '../../src/testing/spikes-are-ordered.js'
import { spikesHaveCauses } from '../../src/testing/spikes-have-causes.js'

const trains = (times: number[], units: number[]): SpikeTrains => ({
  offsets: Uint32Array.of(0, times.length),
  times: Float64Array.from(times),
  units: Uint32Array.from(units),
})
const recordingOf = (times: number[], units: number[]): Recording => ({
  spikes: { out: trains(times, units) },
  maxima: {},
})
const broken = (code: string, details: object = {}) =>
  expect.objectContaining({ code, details: expect.objectContaining(details) })
const failure = (work: () => void): unknown => {
  try {
    work()
  } catch (error) {
    return error
  }
  return null
}

describe('spikesAreOrdered', () => {
  test.each([
    [
      [1, 2, 2, 3],
      [1, 0, 1, 0],
    ],
    [
      [2, 2],
      [1, 1],
    ],
    [[], []],
  ])('holds for %j of %j', (times, units) => {
    expect(failure(() => spikesAreOrdered(recordingOf(times, units), 10))).toBeNull()
  })

  test.each([
    ['a step back in time', [1, 3, 2], [0, 0, 0], 2],
    ['units the wrong way round', [1, 1], [1, 0], 1],
    ['a spike before the start', [-1], [0], 0],
    ['a spike at the end', [1, 10], [0, 0], 1],
    ['a time that is no number', [Number.NaN], [0], 0],
  ])('finds %s', (_, times, units, index) => {
    const found = failure(() => spikesAreOrdered(recordingOf(times, units), 10))
    expect(found).toEqual(broken('LAW_BROKEN', { group: 'out', index }))
  })

  test('finds offsets that leave spikes out', () => {
    const cut = { ...trains([1, 2], [0, 0]), offsets: Uint32Array.of(0, 1) }
    expect(failure(() => spikesAreOrdered({ spikes: { out: cut }, maxima: {} }))).toEqual(broken('LAW_BROKEN'))
  })
})

/** in(2) -> out(1), delays 1 and 3 ms per source; refractory 2 ms. */
const network = defineNetwork({
  groups: {
    in: source(2),
    out: lif(1, { tauMem: 10, tauSyn: 4, threshold: 1, refractory: 2 }),
    read: li(2, { tauMem: 10, tauSyn: 4 }),
  },
  projections: [
    connect('in', 'out', dense([[5, 4]]), { delay: perSource([1, 3]) }),
    connect('out', 'read', dense([[1], [0.5]]), { delay: 0.5 }),
  ],
})
const trials: Trials = { count: 1, until: 30, inputs: { in: trains([1, 2, 4], [0, 1, 0]) } }
const labels = Uint8Array.of(0)

describe('spikesHaveCauses', () => {
  test('holds from the first arrival on', () => {
    expect(failure(() => spikesHaveCauses(network, trials, recordingOf([2.5, 4.5], [0, 0])))).toBeNull()
  })

  test('finds a spike at the instant of the first arrival', () => {
    const found = failure(() => spikesHaveCauses(network, trials, recordingOf([2], [0])))
    expect(found).toEqual(broken('LAW_BROKEN', { group: 'out', unit: 0 }))
  })

  test('finds a spike within the refractory period', () => {
    const found = failure(() => spikesHaveCauses(network, trials, recordingOf([2.5, 4.4], [0, 0])))
    expect(String(found)).toContain('refractory')
  })
})

/** Its delays are drawn: with which seed decides when something arrives. */
describe('a network that leaves numbers open', () => {
  const drawn = defineNetwork({
    groups: { in: source(1), out: lif(1, { tauMem: 10, tauSyn: 4, threshold: 1 }) },
    projections: [connect('in', 'out', dense(20), { delay: perSource(uniform(1, 20)) })],
  })
  const fed: Trials = { count: 1, until: 30, inputs: { in: trains([1], [0]) } }
  const recorded = async (seed: number) => {
    const session = await open(drawn, { seed })
    return session.simulate(fed).finally(() => session.close())
  }
  const arrival = (recording: Recording, seed?: number) =>
    neuronEvents(drawn, fed, recording, seed === undefined ? {} : { seed })[0]?.events[0]?.time ?? Number.NaN

  test('has the events of the seed that is given, else of 0', async () => {
    const [none, seven] = [await recorded(0), await recorded(7)]
    expect(arrival(none)).toBe(arrival(none, 0))
    expect(arrival(seven, 7)).not.toBe(arrival(none))
    expect(neuronEvents(drawn, fed, seven, { seed: 7 })[0]).toMatchObject({ group: 'out', unit: 0, trial: 0 })
    expect(eventSequence(drawn, fed, seven, { seed: 7 })).toContain('spike')
  })

  test('keeps the law with its own seed, and breaks it with one whose arrivals come later', async () => {
    const none = recordingOf([], [])
    const seeds = [0, 1, 2, 3, 4, 5, 6, 7].sort((a, b) => arrival(none, a) - arrival(none, b))
    const [early, late] = [seeds[0], seeds.at(-1)]
    const first = await recorded(early!)
    spikesHaveCauses(drawn, fed, first, { seed: early! })
    expect(failure(() => spikesHaveCauses(drawn, fed, first, { seed: late! }))).toEqual(broken('LAW_BROKEN'))
  })

  test.each([-1, 0.5, Number.NaN])('has no seed %s', (seed) => {
    for (const law of [neuronEvents, eventSequence, spikesHaveCauses])
      expect(failure(() => law(drawn, fed, recordingOf([], []), { seed }))).toEqual(broken('SEED_INVALID'))
  })
})

describe('recordingsAreEqual', () => {
  const one: Recording = { spikes: { out: trains([1, 2], [0, 0]) }, maxima: {} }

  test('holds for equal bits', () => {
    expect(failure(() => recordingsAreEqual(one, structuredClone(one)))).toBeNull()
  })

  test.each<[string, Recording]>([
    ['the last bit of a time', recordingOf([1, 2 + 2 ** -51], [0, 0])],
    ['a unit', recordingOf([1, 2], [0, 1])],
    ['a spike less', recordingOf([1], [0])],
    ['a group more', { ...one, spikes: { ...one.spikes, other: trains([], []) } }],
    ['a maximum', { ...one, maxima: { read: { values: Float64Array.of(1), times: Float64Array.of(2) } } }],
  ])('finds %s', (_, other) => {
    expect(failure(() => recordingsAreEqual(one, other))).toEqual(broken('LAW_BROKEN'))
    expect(failure(() => recordingsAreEqual(other, one))).toEqual(broken('LAW_BROKEN'))
  })
})

describe('eventSequence', () => {
  const sequenceOf = async (fed: Trials) => {
    const session = await open(network)
    const recording = await session.simulate(fed).finally(() => session.close())
    return eventSequence(network, fed, recording)
  }

  test('lists arrivals, spikes, ends of refractory periods and the place of a maximum in order', async () => {
    const [out, read, , order] = (await sequenceOf(trials)).split('\n')
    expect(out?.split('; ').slice(0, 3)).toEqual([
      'out[0]',
      'arrival in->out 0 #0',
      expect.stringMatching(/spike|arrival/),
    ])
    expect(out).toMatch(/spike ; .*end /)
    expect(read).toMatch(/^read\[0\]; arrival out->read 0 #0.*largest (on|after) \d+$/)
    expect(order).toBe(`out: ${Array.from({ length: (out?.match(/spike /g) ?? []).length }, () => 0).join(' ')}`)
  })

  test('stays when a time moves a little, and changes when arrivals pass each other', async () => {
    const moved = (time: number): Trials => ({ ...trials, inputs: { in: trains([1, 2, time], [0, 1, 0]) } })
    expect(await sequenceOf(moved(4 - 1e-6))).toBe(await sequenceOf(trials))
    // Unit 1's spike arrives at 5 ms: unit 0's second one now comes just before it, not just at it.
    expect(await sequenceOf(moved(4.1))).not.toBe(await sequenceOf(trials))
  })
})

/** All delay shapes, recurrence and everything a neuron can have. */
const rich = defineNetwork({
  groups: {
    in: source(2),
    a: lif(2, { tauMem: 12, tauSyn: 4, threshold: 1, adaptStep: 0.2, tauAdapt: 30, bias: 0.1, refractory: 1 }),
    b: lif(2, { tauMem: 9, tauSynExc: 5, tauSynInh: 3, threshold: [1, 0.9] }),
  },
  projections: [
    connect(
      'in',
      'a',
      dense([
        [4, 3.3],
        [3.6, 4.4],
      ]),
      {
        delay: perSynapse([
          [1, 2.2],
          [0.4, 1.7],
        ]),
      },
    ),
    connect(
      'a',
      'b',
      dense([
        [3.1, 2.7],
        [2.9, -1.1],
      ]),
      { delay: perSource([0.7, 1.3]) },
    ),
    connect(
      'b',
      'a',
      dense([
        [null, 0.8],
        [-0.6, 0.5],
      ]),
      { delay: 2.1 },
    ),
  ],
}) // prettier-ignore
const richTrials: Trials = {
  count: 2,
  until: 40,
  inputs: {
    in: {
      offsets: Uint32Array.of(0, 4, 7),
      times: Float64Array.of(1, 2.3, 4.1, 7.7, 0.6, 3.2, 5),
      units: Uint32Array.of(0, 1, 0, 1, 1, 0, 1),
    },
  },
}

describe('gradientMatchesQuotients', () => {
  const loss = { kind: 'spikeCount', group: 'b', tau: 20 } as const
  const options = { open, network: rich, trials: richTrials, loss, labels: Uint8Array.of(0, 1) }

  test('holds for every kind of number', async () => {
    const checks = await compareGradient(options)
    const sizes = Object.fromEntries([...checks].map(([kind, { compared }]) => [kind, compared.length]))
    expect(sizes).toEqual({ weights: 11, delays: 7, thresholds: 4, adaptation: 2, taus: 7, bias: 4, inputTimes: 7 })
    for (const { failures } of checks.values()) expect(failures).toEqual([])
    expect([...checks.values()].every(({ worst }) => worst !== null && worst.exact !== 0)).toBe(true)
  })

  test('takes one session for all numbers, and closes it', async () => {
    const sessions: Session[] = []
    const counting = async (described: Parameters<typeof open>[0]): Promise<Session> => {
      const session = await open(described)
      sessions.push(session)
      return session
    }
    const { compared } = await gradientMatchesQuotients({ ...options, open: counting, kinds: ['thresholds'] })
    expect([compared, sessions.length]).toEqual([4, 1])
    await expect(sessions[0]?.parameters()).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test('holds for a maximum of a readout', async () => {
    const fed: Trials = { ...trials, inputs: { in: trains([1, 2, 4.5], [0, 1, 0]) } }
    const vMax = { ...options, network, trials: fed, loss: { kind: 'vMax', group: 'read' } as const, labels }
    expect(await gradientMatchesQuotients(vMax)).toEqual({ compared: 19, skipped: 0 })
  })

  test('holds where a target returns gradients before its source has heard from everybody', async () => {
    const tau = { tauMem: 10, tauSyn: 4, threshold: 1 }
    const ring = defineNetwork({
      groups: { in: source(1), a: lif(1, tau), b: lif(1, tau), c: lif(1, tau) },
      projections: [
        connect('in', 'a', dense(9)),
        connect('a', 'b', dense(8), { delay: 1.9 }),
        connect('b', 'c', dense(7), { delay: 1.3 }),
        connect('c', 'b', dense(-1), { delay: 0.6 }),
        connect('b', 'a', dense(-1)),
      ],
    })
    const fed: Trials = { count: 1, until: 20, inputs: { in: trains([1, 4, 9], [0, 0, 0]) } }
    const linear = { ...options, network: ring, trials: fed, loss: { ...loss, group: 'c' }, labels }
    expect(await gradientMatchesQuotients(linear)).toMatchObject({ skipped: 0 })
  })

  test('finds one wrong number among all', async () => {
    const forged = async (described: Parameters<typeof open>[0]): Promise<Session> => {
      const session = await open(described)
      const gradient: Session['gradient'] = async (...given) => {
        const result = await session.gradient(...given)
        const delays = result.gradients.projections['a->b']?.delays
        if (delays !== undefined) delays[1] = (delays[1] as number) * (1 + 1e-5)
        return result
      }
      return { ...session, gradient }
    }
    const law = gradientMatchesQuotients({ ...options, open: forged, kinds: ['delays'] })
    await expect(law).rejects.toEqual(broken('LAW_BROKEN', { kind: 'delays', index: 5 }))
  })

  test('that compared no number fails', async () => {
    // No delay can be made shorter than none.
    const still = { ...trials, inputs: { in: trains([], []) } }
    const nothing = { ...options, network, trials: still, labels, loss: { kind: 'spikeCount', group: 'out', tau: 20 } }
    const found = compareGradient({ ...nothing, kinds: ['inputTimes'] } as Parameters<typeof compareGradient>[0])
    await expect(found).rejects.toMatchObject({ code: 'NOTHING_COMPARED', details: { skipped: 0 } })
    expect(String(await found.catch((error: unknown) => error))).toContain('of inputTimes')
  })

  test('skips what lies on a change of events', async () => {
    // Both inputs arrive at 4 ms: a step either way changes which comes first.
    const fed: Trials = { ...trials, inputs: { in: trains([1, 3], [1, 0]) } }
    const linear = { ...options, network, trials: fed, kinds: ['delays'] as const }
    const found = await compareGradient({ ...linear, loss: { kind: 'spikeCount', group: 'out', tau: 20 }, labels })
    expect(found.get('delays')).toMatchObject({ skipped: [0, 1], compared: [{ index: 2 }] })
  })
})
