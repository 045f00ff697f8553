import { describe, expect, test } from 'vitest'
import { type OpenOptions, open } from '../../src/actors/open.js'
import { RunError } from '../../src/events/errors.js'
import { singleCore } from '../../src/hardware/single-core.js'
import type { Session, Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import type { Network } from '../../src/network/description/network.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { li } from '../../src/network/models/li.js'
import { type LifParameters, lif } from '../../src/network/models/lif.js'
import { expectSameBits } from '../support/same-bits.js'
import {
  COUNT,
  FIRST,
  LABELS,
  LIF,
  oneNeuron,
  spikesAt,
  step,
  sumOfTimes,
  TWO_TRIALS,
  twoGroupRing,
  twoLayers,
} from './small-networks.js'

const labelled = { ...TWO_TRIALS, labels: LABELS }
const learning = step({ loss: FIRST, rates: { weights: 0.1, delays: 0.05, thresholds: 0.01 } })

/** Runs of every kind. */
const RUNS: readonly { name: string; run: (session: Session) => Promise<unknown> }[] = [
  { name: 'simulate', run: (session) => session.simulate(TWO_TRIALS) },
  { name: 'evaluate', run: (session) => session.evaluate(labelled, FIRST) },
  { name: 'gradient', run: (session) => session.gradient(TWO_TRIALS, COUNT, LABELS) },
  { name: 'train', run: (session) => session.train(labelled, learning) },
]

describe('a closed session', () => {
  test.each(RUNS)('refuses to $name', async ({ run }) => {
    const session = await open(twoLayers())
    await session.close()
    await session.close()
    const refused = run(session)
    await expect(refused).rejects.toBeInstanceOf(RunError)
    await expect(refused).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })

  test('waits for the run under way and refuses those behind it', async () => {
    const session = await open(twoLayers())
    const expected = await session.simulate(TWO_TRIALS)
    const done: string[] = []
    const running = session.simulate(TWO_TRIALS).finally(() => done.push('run'))
    // The run starts in a later microtask than this one.
    await Promise.resolve()
    await Promise.resolve()
    const closed = session.close().then(() => done.push('close'))
    const behind = expect(session.simulate(TWO_TRIALS)).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
    expectSameBits(await running, expected)
    await Promise.all([closed, behind])
    expect(done).toEqual(['run', 'close'])
  })

  test('is what `await using` leaves', async () => {
    let left: Session | null = null
    {
      await using session = await open(oneNeuron())
      left = session
    }
    await expect(left.simulate({ count: 1, until: 5, inputs: {} })).rejects.toMatchObject({ code: 'SESSION_CLOSED' })
  })
})

describe('runs take turns', () => {
  test.each([null, (message: () => void) => void setTimeout(message)])('deliver: %s', async (deliver) => {
    const options = deliver === null ? {} : { deliver }
    await using one = await open(twoLayers(), options)
    await using other = await open(twoLayers(), options)
    const list = [...RUNS, ...RUNS.toReversed()]
    const inTurn: unknown[] = []
    for (const { run } of list) inTurn.push(await run(one))
    expectSameBits(await Promise.all(list.map(({ run }) => run(other))), inTurn)
    expectSameBits(await other.parameters(), await one.parameters())
  })

  test('also past one that fails', async () => {
    await using session = await open(twoLayers())
    const failing = session.simulate({ ...TWO_TRIALS, count: 0 })
    const after = session.simulate(TWO_TRIALS)
    await expect(failing).rejects.toMatchObject({ code: 'TRIALS_COUNT' })
    expectSameBits(await after, await session.simulate(TWO_TRIALS))
  })
})

describe('nothing hidden survives a run', () => {
  const readers = RUNS.filter(({ name }) => name !== 'train')
  const pairs = readers.flatMap((a) => readers.map((b) => ({ name: `${a.name}, ${b.name}, ${a.name}`, a, b })))

  test.each(pairs)('$name', async ({ a, b }) => {
    await using session = await open(twoLayers())
    const first = await a.run(session)
    await b.run(session)
    await session.train(labelled, step({ loss: FIRST }))
    expectSameBits(await a.run(session), first)
  })

  test('what a run returned is not touched by the next', async () => {
    await using session = await open(twoLayers())
    const parameters = await session.parameters()
    const gradient = await session.gradient(TWO_TRIALS, COUNT, LABELS)
    const copies = structuredClone([parameters, gradient])
    await session.gradient({ ...TWO_TRIALS, inputs: {} }, COUNT, LABELS)
    await session.train(labelled, learning)
    expectSameBits([parameters, gradient], copies)
  })
})

test('a placement must be one of the network', async () => {
  const placement = singleCore(oneNeuron())
  await expect(open(twoLayers(), { placement })).rejects.toMatchObject({ name: 'InputError' })
  const nothing = { placement: null } as unknown as OpenOptions
  await expect(open(twoLayers(), nothing)).rejects.toMatchObject({
    name: 'InputError',
    mistake: { field: 'placement' },
  })
})

test('a group to record must be one of the network', async () => {
  await using session = await open(twoLayers())
  await expect(session.simulate(TWO_TRIALS, { record: ['out', 'nobody' as string] })).rejects.toMatchObject({
    code: 'GROUP_UNKNOWN',
    details: { field: 'options.record', found: '"nobody"', expected: 'groups of the network: in, hidden, out' },
  })
})

describe('messages between actors', () => {
  const loss = { kind: 'spikeCount', group: 'b', tau: 20 } as const
  const trials = { count: 1, until: 15, inputs: { in: spikesAt(1, 2) } }
  const run = (session: Session) => session.gradient(trials, loss, Uint8Array.of(0))

  test.each([
    { name: 'at once', deliver: (message: () => void) => message() },
    { name: 'in a microtask', deliver: queueMicrotask },
    { name: 'in a timer', deliver: (message: () => void) => void setTimeout(message) },
  ])('may arrive $name', async ({ deliver }) => {
    await using plain = await open(twoGroupRing(1))
    await using session = await open(twoGroupRing(1), { deliver })
    const expected = await run(plain)
    expect(expected.recording.spikes.b!.times.length).toBeGreaterThan(2)
    expectSameBits(await run(session), expected)
    expectSameBits(await run(session), expected)
  })

  test('that cannot be sent fail the run', async () => {
    const deliver = () => {
      throw new Error('the line is dead')
    }
    await using session = await open(twoGroupRing(1), { deliver })
    await expect(run(session)).rejects.toThrow('the line is dead')
  })
})

const endless: Trials = { count: 1, until: Infinity, inputs: { in: spikesAt(1) } }

describe('a run without an end', () => {
  const driven = (parameters: Partial<LifParameters>) => oneNeuron(parameters)
  const readout = (bias: number) =>
    defineNetwork({
      groups: { in: source(1), out: li(1, { tauMem: 20, tauSyn: 5, bias }) },
      projections: [connect('in', 'out', dense(1))],
    })

  test.each<{ name: string; network: Network; found: string }>([
    { name: 'a cycle', network: twoGroupRing(1), found: 'no end, and the cycle a -> b -> a' },
    {
      name: 'a bias above the threshold',
      network: driven({ bias: 1.5 }),
      found: 'no end, and the bias 1.5 of neuron 0 of "out" is not below its threshold 1',
    },
    {
      name: 'a bias at the threshold',
      network: driven({ bias: 1 }),
      found: 'no end, and the bias 1 of neuron 0 of "out" is not below its threshold 1',
    },
    {
      name: 'a readout with a bias above 0',
      network: readout(1e-9),
      found: 'no end, and the bias 1e-9 of neuron 0 of "out" is above 0',
    },
  ])('needs one: $name', async ({ network, found }) => {
    await using session = await open(network)
    await expect(session.simulate(endless)).rejects.toMatchObject({ code: 'UNTIL_REQUIRED', details: { found } })
    await expect(session.simulate({ ...endless, until: 20 })).resolves.toBeDefined()
  })

  test.each<{ name: string; network: Network }>([
    { name: 'a bias below the threshold', network: driven({ bias: 0.999 }) },
    { name: 'a readout with a bias of 0', network: readout(0) },
    { name: 'a readout with a negative bias', network: readout(-1) },
  ])('ends by itself: $name', async ({ network }) => {
    await using session = await open(network)
    expectSameBits(await session.simulate(endless), await session.simulate({ ...endless, until: 1e4 }))
  })

  test('is evaluated by what was learned', async () => {
    await using session = await open(oneNeuron({ bias: 0.9 }))
    await expect(session.simulate(endless)).resolves.toBeDefined()
    const trials = { ...endless, until: 20, labels: Uint8Array.of(0) }
    await session.train(trials, step({ rates: { thresholds: 1 }, bounds: { thresholds: [0.5, 0.8] } }))
    expect((await session.parameters()).groups.out?.threshold).toEqual(Float64Array.of(0.8))
    await expect(session.simulate(endless)).rejects.toMatchObject({ code: 'UNTIL_REQUIRED' })
  })
})

describe('a session is as good as new after', () => {
  const network = defineNetwork({
    groups: {
      in: source(1),
      calm: lif(2, LIF),
      // Only unit 1 is driven, a thousand times in a millisecond.
      wild: lif(2, { ...LIF, bias: [0, 20_000] }),
      readout: li(1, { tauMem: 20, tauSyn: 5 }),
    },
    projections: [
      connect('in', 'calm', dense(8)),
      connect('calm', 'wild', dense(0)),
      connect('wild', 'readout', dense(0)),
    ],
  })
  const until = 20
  const inputs = { in: spikesAt(1) }

  test('a runaway neuron, which is named', async () => {
    await using session = await open(network, { spikeLimit: 1e9 })
    const short = { count: 1, until, inputs }
    const before = await session.gradient(short, sumOfTimes('calm', 2))
    const runaway = session.simulate({ count: 1, until: 2000, inputs })
    await expect(runaway).rejects.toBeInstanceOf(RunError)
    await expect(runaway).rejects.toMatchObject({
      code: 'RUNAWAY_NEURON',
      details: { group: 'wild', unit: 1 },
      message: expect.stringContaining('Neuron 1 of group "wild"'),
    })
    expectSameBits(await session.gradient(short, sumOfTimes('calm', 2)), before)
  })

  test('a wrong number of coefficients', async () => {
    await using session = await open(twoLayers())
    const run = () => session.gradient(TWO_TRIALS, COUNT, LABELS)
    const before = await run()
    const failing = session.gradient(TWO_TRIALS, sumOfTimes('out', 99))
    await expect(failing).rejects.toMatchObject({
      code: 'LOSS_COEFFICIENT_COUNT',
      details: { found: '99 coefficients', expected: expect.stringMatching(/^\d+, one per spike of group "out"/) },
    })
    expectSameBits(await run(), before)
  })
})

describe('an output group that only the loss looks at', () => {
  const spikesPerNeuron = (units: Uint32Array) => [0, 1].map((unit) => units.filter((each) => each === unit).length)

  test('shows every spike and gradient() counts them all', async () => {
    await using session = await open(twoLayers())
    const { recording } = await session.gradient(TWO_TRIALS, FIRST, LABELS)
    expectSameBits(recording, await session.simulate(TWO_TRIALS))
    expect(Math.min(...spikesPerNeuron(recording.spikes.out!.units))).toBeGreaterThan(TWO_TRIALS.count)
  })

  test('gives training and evaluation the loss and the predictions of the first spikes alone', async () => {
    await using session = await open(twoLayers())
    const { losses, gradients } = await session.gradient(TWO_TRIALS, FIRST, LABELS)
    const trained = await session.train(labelled, step({ loss: FIRST, rates: { weights: 1, bias: 1 } }))
    expect(trained.losses).toEqual(losses)
    await using fresh = await open(twoLayers())
    expect((await fresh.evaluate(labelled, FIRST)).losses).toEqual(losses)
    // One step of rate 1 moves by the mean gradient: later output spikes have none, so nothing of it was lost.
    const moved = await session.parameters()
    const start = await fresh.parameters()
    const change = start.groups.out!.bias.map((bias, n) => (bias - moved.groups.out!.bias[n]!) * TWO_TRIALS.count)
    change.forEach((value, n) => {
      expect(value).toBeCloseTo(gradients.groups.out!.bias[n]!, 12)
    })
  })
})
