import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { SimulationState } from '../../src/actors/streaming/simulation-state.js'
import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { expectSameBits } from '../support/same-bits.js'
import { CASES, firstTrial, type RoutedCase, SPARSE, spikingGroups } from './routed-cases.js'

const opened = (each: RoutedCase, cores = 1) => {
  const network = each.network()
  return open(network, { seed: 5, placement: placeOnCores(network, cores) })
}

async function simulated(session: StreamingSession, each: RoutedCase) {
  const { spikes } = await session.simulate(firstTrial(each), { record: spikingGroups(each) })
  return spikes
}

/** What a stream emits from a state on; with a state, up to it. */
async function streamed(session: StreamingSession, each: RoutedCase, options: object, stopAt = Infinity) {
  const { until, inputs } = firstTrial(each)
  const parts: Readonly<Record<string, SpikeTrains>>[] = []
  const stream = session.stream({ until, inputs, record: spikingGroups(each), ...options })
  let state: SimulationState | null = null
  for await (const { window, spikes } of stream) {
    parts.push(spikes)
    if (window.end < stopAt) continue
    state = structuredClone(await stream.saveState())
    break
  }
  return { parts, state }
}

const joined = (each: RoutedCase, parts: readonly Readonly<Record<string, SpikeTrains>>[]) =>
  Object.fromEntries(
    spikingGroups(each).map((group) => [group, joinTrains(parts.map((part) => part[group] as SpikeTrains)).trains]),
  )

describe.each([...CASES, SPARSE])('$name', (each) => {
  test('has the bits of simulate as a stream, however that is cut', async () => {
    await using session = await opened(each)
    const expected = await simulated(session, each)
    expect(expected.hidden?.times.length).toBeGreaterThan(20)
    for (const segment of [0.7, 3, 20]) {
      const { parts } = await streamed(session, each, { segment })
      expectSameBits(joined(each, parts), { ...expected })
    }
  })

  test('goes on from a state, with spikes that wait in operators, on other partitions', async () => {
    await using one = await opened(each)
    const expected = { ...(await simulated(one, each)) }
    await using two = await opened(each, 2)
    for (const [before, after, stopAt] of [
      [one, two, 21.3],
      [two, one, 10],
    ] as const) {
      const { parts, state } = await streamed(before, each, { segment: 1.1 }, stopAt)
      const key = each.network().projections[0]?.key as string
      expect(Math.max(...(state?.sent?.[key] ?? []))).toBeGreaterThan(0)
      const { parts: rest } = await streamed(after, each, { segment: 2.3, from: state })
      expectSameBits(joined(each, [...parts, ...rest]), expected)
    }
  })
})

test.each([...CASES, SPARSE])('$name keeps how many spikes each unit has sent, wherever it lies', async (each) => {
  const routed = each.network().projections.filter(({ through }) => through !== undefined)
  for (const cores of [1, 2, 3]) {
    await using session = await opened(each, cores)
    const record = each.network().groups.map(({ name }) => name)
    const { spikes } = await session.simulate(firstTrial(each), { record })
    const { state } = await streamed(session, each, { segment: 5 }, 15)
    for (const { key, source } of routed) {
      const { times, units } = spikes[source] as SpikeTrains
      const counts = new Float64Array(state!.sent![key]!.length)
      for (const [k, unit] of units.entries()) if (times[k]! < state!.time) counts[unit]!++
      expect(state!.sent![key], `${key} on ${cores}`).toEqual(counts)
    }
  }
})

test('a state without the counts of its spikes is refused', async () => {
  const [each] = CASES as readonly [RoutedCase, ...RoutedCase[]]
  await using session = await opened(each)
  const { state } = await streamed(session, each, { segment: 5 }, 10)
  const { sent: _, ...rest } = state as SimulationState
  expect(() => session.stream({ from: rest })).toThrow(expect.objectContaining({ code: 'STATE_FOREIGN' }))
  await using plain = await open(each.without(), { seed: 5 })
  expect(() => plain.stream({ from: state as SimulationState })).toThrow(
    expect.objectContaining({ code: 'STATE_FOREIGN' }),
  )
})
