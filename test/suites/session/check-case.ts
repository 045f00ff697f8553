import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { open } from '../../../src/actors/open.js'
import type { StreamingSession } from '../../../src/actors/streaming/spike-stream.js'
import { chooseKernels } from '../../../src/dynamics/kernels/choose-kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernels/kernel-kind.js'
import { totalTraffic } from '../../../src/dynamics/traffic/memory-traffic.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import type { Recording } from '../../../src/learning/session.js'
import type { Network } from '../../../src/network/description/network.js'
import { trialAlone } from '../../support/network-case.js'
import { noisySession } from '../../support/noisy-session.js'
import { differenceOfBits, expectSameBits } from '../../support/same-bits.js'
import { openWay, type SessionNumbers } from './open-way.js'
import type { SessionCase } from './session-case.js'
import { runMode } from './session-modes.js'
import { type Found, RECORD, type Told } from './session-run.js'
import type { SessionTally } from './session-tally.js'
import { comparable, type SessionTraffic } from './session-traffic.js'

/**
 * Holds a mode to the bits that it has on the whole network in one piece, and the spikes that it tells of to those of a
 * simulation of the same numbers.
 */
export async function checkCase(kernel: KernelKind, sample: SessionCase, tally: SessionTally): Promise<void> {
  const { network, seed, mode, first, second, cuts, noise } = sample
  const numbers = { seed, kernel }
  const noisily = async (opening: Promise<StreamingSession>) => {
    return noise === null ? opening : noisySession(await opening, noise)
  }
  const ways = { first, second }
  const whole = await runMode({ sample, open: () => noisily(open(network, numbers)), cuts: null })
  const placed = await runMode({ sample, open: (which) => noisily(openWay(network, ways[which], numbers)), cuts })
  expectSameBits(placed.bits, whole.bits)
  const isTrafficCounted = expectSameTraffic(placed.traffic, whole.traffic)
  const { told, learned } = placed
  const openLearned = () => (learned === undefined ? open(network, numbers) : openWith(learned, network, numbers))
  // Streams know no noise.
  const simulation = once(() => simulationOf(sample, noisily(openLearned())))
  const quiet = noise === null ? simulation : once(() => simulationOf(sample, openLearned()))
  let spikes = 0
  for (const each of told) {
    spikes += count(each)
    // A simulation was held to itself.
    if (mode === 'simulate') continue
    const expected = await (each.of === 'all trials' ? simulation() : quiet())
    const difference = differenceOfTold(each, expected)
    if (difference !== null) expect.fail(`${each.what} and a simulation: ${difference}`)
  }
  tally.add(sample, { spikes, isTrafficCounted })
}

/** Whether both tell of the same; then it is the same. */
function expectSameTraffic(placed: SessionTraffic | null, whole: SessionTraffic | null): boolean {
  if (placed === null || whole === null) return false
  expect(comparable(placed, whole), 'memory traffic').toEqual(comparable(whole, placed))
  return totalTraffic(whole.traffic) > 0
}

/** Opens what was learned: as a network of its own, unless delays that cross 0.1 ms around a cycle bring it to other kernels. */
async function openWith(
  learned: NonNullable<Found['learned']>,
  network: Network,
  numbers: SessionNumbers,
): Promise<StreamingSession> {
  const kernelsOf = (of: Network) => chooseKernels(of, numbers.kernel).map(({ engine, feed }) => ({ engine, feed }))
  const isAlike = isDeepStrictEqual(kernelsOf(learned.network), kernelsOf(network))
  if (isAlike) return await open(learned.network, numbers)
  const session = await open(network, numbers)
  await session.setParameters(learned.parameters)
  return session
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | null = null
  return () => {
    made ??= make()
    return made
  }
}

async function simulationOf({ trials }: SessionCase, opening: Promise<StreamingSession>): Promise<Recording> {
  await using session = await opening
  return await session.simulate(trials, { record: [...RECORD, 'r'] })
}

function differenceOfTold({ of, spikes, maxima }: Told, expected: Recording): string | null {
  const alone = (trains: SpikeTrains) => (of === 'all trials' ? trains : trialAlone(trains, 0))
  const names = RECORD.filter((name) => spikes[name] !== undefined)
  const simulated = Object.fromEntries(names.map((name) => [name, alone(expected.spikes[name]!)]))
  const found = Object.fromEntries(names.map((name) => [name, spikes[name]!]))
  return differenceOfBits(found, simulated) ?? (maxima === undefined ? null : differenceOfBits(maxima, expected.maxima))
}

/** Of neurons. */
function count({ spikes }: Told): number {
  return ['a', 'b'].reduce((sum, name) => sum + (spikes[name]?.times.length ?? 0), 0)
}
