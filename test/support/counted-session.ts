import { open } from '../../src/actors/open.js'
import { type MemoryTraffic, trafficBetween } from '../../src/dynamics/traffic/memory-traffic.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import type { Loss } from '../../src/learning/loss.js'
import type { StepOptions } from '../../src/learning/session.js'
import type { Network } from '../../src/network/description/network.js'
import { step } from '../actors/small-networks.js'
import { trainsOf } from '../learning/trains.js'

/** Two trials of a source "in" of so many units, each of which spikes once in the first one. */
export function countedTrials(units: number, until = 60) {
  const first = Array.from({ length: units }, (_, unit) => ({ time: 1 + 2 * unit, unit }))
  const inputs = { in: trainsOf([first, first.slice(1, 4)]) }
  return { count: 2, until, inputs, labels: Uint8Array.of(0, 1) }
}

export interface CountedWork {
  readonly network: Network
  readonly trials: ReturnType<typeof countedTrials>
  readonly work: 'evaluate' | 'train' | 'gradient'
  readonly loss: Loss
  readonly kernel?: 'simd' | 'reference'
  readonly cores?: number
  /** Of a training: beside the loss; default: weights alone are learned, and stay. */
  readonly learning?: Partial<StepOptions>
  /** Of a training; default 1. */
  readonly steps?: number
}

/** Memory traffic of passes over the trials, one or as many as there are steps, by a session that has done nothing before. */
export async function countedWork(order: CountedWork): Promise<MemoryTraffic> {
  const {
    network,
    trials,
    work,
    loss,
    kernel = 'simd',
    cores = 1,
    learning = { rates: { weights: 0 } },
    steps = 1,
  } = order
  await using session = await open(network, { seed: 3, kernel, placement: placeOnCores(network, cores) })
  const nothing = await session.memoryTraffic()
  if (work === 'evaluate') await session.evaluate(trials, loss)
  for (let k = 0; work === 'train' && k < steps; k++) await session.train(trials, step({ loss, ...learning }))
  if (work === 'gradient') await session.gradient(trials, loss, trials.labels)
  return trafficBetween(nothing, await session.memoryTraffic())
}

/** Spikes with the trial that each is of. */
export function eachSpike({ times, units, offsets }: SpikeTrains) {
  return [...times].map((time, spike) => ({
    ...{ spike, time, unit: units[spike] as number },
    trial: [...offsets].findLastIndex((offset) => offset <= spike),
  }))
}
