import { describe, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import type { VoltageOptions, WatchedVoltages } from '../../../src/actors/watch/watched.js'
import { balancedNetwork } from '../../../src/data/balanced.js'
import { vMax } from '../../../src/learning/define-loss.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense, perSynapse } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { trainsOf } from '../../learning/trains.js'
import { firstTrial } from '../../support/arbitrary-stream.js'
import { expectSameBits } from '../../support/same-bits.js'
import { FIRST, LABELS, spikesAt, step, TWO_TRIALS, twoLayers } from '../small-networks.js'

/** What is shown of a group while something is done. */
async function shown(
  session: StreamingSession,
  { group, ...options }: VoltageOptions & { readonly group: string },
  work: () => Promise<unknown>,
): Promise<readonly WatchedVoltages[]> {
  const seen: WatchedVoltages[] = []
  const subscription = session.voltages(group, options).subscribe((batch) => void seen.push(batch))
  await work()
  subscription.unsubscribe()
  return seen
}

/** A recurrent group of all there is, and a source that says nothing: its spikes only bring the state to their time. */
const PROBED = defineNetwork({
  groups: {
    in: source(2),
    probe: source(1),
    a: lif(3, {
      tauMem: 20,
      tauSynExc: 5,
      tauSynInh: 8,
      threshold: 1,
      tauAdapt: 30,
      adaptStep: 0.2,
      refractory: 1.5,
      bias: 0.1,
      vReset: -0.1,
    }),
  },
  projections: [
    connect(
      'in',
      'a',
      dense([
        [6, -2],
        [4, 5],
        [5, 7],
      ]),
      {
        delay: perSynapse([
          [1, 2],
          [0.5, 0.3],
          [3, 1],
        ]),
      },
    ),
    connect(
      'a',
      'a',
      dense([
        [0, -3, 1],
        [2, 0, -1],
        [-2, 1, 0],
      ]),
      { delay: 1.25 },
    ),
    connect('probe', 'a', dense(0)),
  ],
})
const INPUTS = {
  in: trainsOf([
    [1, 3, 9, 12, 13, 20].flatMap((time) => [
      { time, unit: 0 },
      { time: time + 0.5, unit: 1 },
    ]),
  ]),
}
const EVERY = 0.75
const UNTIL = 30

/** V of every neuron at an instant, as a kernel has it in its state. */
async function stateAt(session: StreamingSession, time: number): Promise<Float64Array> {
  const stream = session.stream({ inputs: { ...INPUTS, probe: spikesAt(time) }, segment: time + 1e-6 })
  let state: Awaited<ReturnType<typeof stream.saveState>> | null = null
  for await (const _ of stream) {
    state = await stream.saveState()
    break
  }
  const { voltage, lastEvent } = state!.groups.a!
  expect(Array.from(lastEvent!)).toEqual([time, time, time])
  return voltage!
}

test.each([
  ['reference', 1e-13],
  ['simd', 1e-11],
] as const)('voltages beside the %s kernel are those of the model', async (kernel, tolerance) => {
  await using oracle = await open(PROBED, { kernel: 'reference' })
  await using session = await open(PROBED, { kernel })
  let spikes = 0
  session.spikes$('a').subscribe(({ times }) => {
    spikes += times.length
  })
  const [seen] = await shown(session, { group: 'a', every: EVERY }, () =>
    session.simulate({ count: 1, until: UNTIL, inputs: INPUTS }),
  )
  const { times, values } = seen!
  expect(times).toHaveLength(UNTIL / EVERY)
  expect(spikes).toBeGreaterThan(10)
  for (let k = 1; k < times.length; k++) {
    const voltage = await stateAt(oracle, times[k]!)
    voltage.forEach((v, n) => {
      expect(Math.abs(values[n * times.length + k]! - v)).toBeLessThan(tolerance)
    })
  }
  expect(values.some((v) => v > 0.5)).toBe(true)
})

describe('the voltage of a neuron', () => {
  const network = twoLayers()

  test('reaches its threshold where it fires, and is put back there', async () => {
    await using session = await open(network)
    const { spikes } = await session.simulate(TWO_TRIALS)
    const { times, units } = spikes.hidden!
    const [time, unit] = [times[0]!, units[0]!]
    const at = async (every: number) => {
      const [seen] = await shown(session, { group: 'hidden', units: [unit], every }, () => session.simulate(TWO_TRIALS))
      return seen!.values[1]!
    }
    expect(await at(time)).toBe(0)
    const [near, nearer] = [await at(time - 1e-4), await at(time - 1e-8)]
    expect(near).toBeLessThan(nearer)
    expect(nearer).toBeLessThan(1)
    expect(nearer).toBeCloseTo(1, 7)
  })

  test('stays where it was put if the run ends at the first spike', async () => {
    await using session = await open(network)
    const [seen] = await shown(session, { group: 'out', every: 1 }, () =>
      session.evaluate({ ...TWO_TRIALS, labels: LABELS }, FIRST),
    )
    const { values, times } = seen!
    const row = Array.from(values.subarray(0, times.length))
    const put = row.findIndex((v, k) => k > 0 && v === 0 && row[k - 1] !== 0)
    expect(put).toBeGreaterThan(0)
    expect(row.slice(put).every((v) => v === 0)).toBe(true)
  })

  test('is that of the parameters before a step', async () => {
    await using session = await open(network)
    const watched = { group: 'hidden', every: 0.5 }
    const [before] = await shown(session, watched, () => session.simulate(TWO_TRIALS))
    const learning = step({ rates: { weights: 1 } })
    const [during] = await shown(session, watched, () => session.train({ ...TWO_TRIALS, labels: LABELS }, learning))
    const [after] = await shown(session, watched, () => session.simulate(TWO_TRIALS))
    expectSameBits(during!.values, before!.values)
    expect(after!.values).not.toEqual(before!.values)
  })

  test('of a readout is largest where the readout says', async () => {
    const readout = defineNetwork({
      groups: { in: source(2), r: li(2, { tauMem: 20, tauSyn: 5, bias: 0.01 }) },
      projections: [
        connect(
          'in',
          'r',
          dense([
            [1, -0.5],
            [0.3, 0.8],
          ]),
          { delay: 1 },
        ),
      ],
    })
    await using session = await open(readout)
    const { maxima } = await session.simulate(TWO_TRIALS)
    const { values, times } = maxima.r!
    const [seen] = await shown(session, { group: 'r', units: [1], every: times[1]! }, () =>
      session.simulate(TWO_TRIALS),
    )
    expect(seen!.values[1]!).toBeCloseTo(values[1]!, 13)
    const [fine] = await shown(session, { group: 'r', units: [1], every: 0.01 }, () =>
      session.evaluate({ ...TWO_TRIALS, labels: LABELS }, vMax('r')),
    )
    const largest = fine!.values.subarray(0, fine!.times.length).reduce((most, v) => Math.max(most, v), -Infinity)
    expect(largest).toBeLessThanOrEqual(values[1]! + 1e-13)
    expect(largest).toBeCloseTo(values[1]!, 5)
  })
})

describe('voltages are refused by name', () => {
  const codes: unknown[] = []
  const tell = { error: ({ code }: { readonly code?: unknown }) => void codes.push(code) }

  test('in a stream that was not watched from its beginning', async () => {
    await using session = await open(twoLayers())
    let segments = 0
    for await (const _ of session.stream({ until: 30, segment: 10, inputs: firstTrial(TWO_TRIALS) }))
      if (++segments === 1) session.voltages('hidden', { every: 1 }).subscribe(tell)
    expect(codes.splice(0)).toEqual(['VOLTAGES_LATE'])
  })

  test('in more samples than any memory holds', async () => {
    for (const every of [1e-7, 1e-300]) {
      await using session = await open(twoLayers())
      session.voltages('hidden', { every }).subscribe(tell)
      await session.simulate(TWO_TRIALS)
      for await (const _ of session.stream({ until: 30, segment: 10, inputs: firstTrial(TWO_TRIALS) })) {
      }
      expect(new Set(codes.splice(0))).toEqual(new Set(['VOLTAGES_MANY']))
    }
  })

  test('in trials without an end', async () => {
    await using session = await open(twoLayers())
    session.voltages('hidden', { every: 1 }).subscribe(tell)
    await session.simulate({ ...TWO_TRIALS, until: Infinity })
    expect(codes.splice(0)).toEqual(['VOLTAGES_ENDLESS'])
  })

  test('where a kernel draws the spikes of a source', async () => {
    const network = balancedNetwork({ neurons: 1000 })
    await using session = await open(network)
    const [group] = network.groups.filter(({ kind }) => kind === 'lif')
    session.voltages(group!.name, { units: [0], every: 1 }).subscribe(tell)
    await session.simulate({ count: 1, until: 5, inputs: {} }, { record: [] })
    expect(codes.splice(0)).toEqual(['VOLTAGES_DRIVEN'])
  })

  test.each([
    ['hiden', { every: 1 }, 'GROUP_UNKNOWN'],
    ['in', { every: 1 }, 'WATCH_KIND'],
    ['hidden', {}, 'FIELD_MISSING'],
    ['hidden', { every: 0 }, 'OPTION_OUT_OF_RANGE'],
    ['hidden', { every: 1, units: [3] }, 'UNIT_UNKNOWN'],
    ['hidden', { every: 1, units: [1, 1] }, 'UNIT_UNKNOWN'],
    ['hidden', { every: 1, unit: [1] }, 'FIELD_UNKNOWN'],
  ])('of %s with %o: %s', async (group, options, code) => {
    await using session = await open(twoLayers())
    expect(() => session.voltages(group, options as never)).toThrow(expect.objectContaining({ code }))
  })
})
