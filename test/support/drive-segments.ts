import { expect } from 'vitest'
import type { KernelOptions } from '../../src/dynamics/kernels/kernel-options.js'
import type { KernelState } from '../../src/dynamics/kernels/kernel-state.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { cutTrains } from './cut-trains.js'
import { type DrivenKernel, expectWithin } from './drive-kernel.js'

/** Where a segment ends. */
export interface Stop {
  readonly time: number
  /** Another kernel, which has seen nothing, goes on from the state. */
  readonly moves: boolean
}

export interface SegmentedRun {
  readonly create: () => DrivenKernel
  /** One train per input. */
  readonly trains: readonly SpikeTrains[]
  readonly options: KernelOptions
  /** Ascending. */
  readonly stops: readonly Stop[]
  /** Told every state that is handed on. */
  readonly onState?: (state: KernelState) => void
}

export interface SegmentedResult {
  readonly spikes: SpikeTrains
  readonly silent: readonly boolean[]
}

/** Runs a kernel segment by segment: each returns the spikes of its own time, and whoever goes on waits for the same event. */
export function driveSegments({ create, trains, options, stops, onState }: SegmentedRun): SegmentedResult {
  const times = stops.map(({ time }) => time)
  const batches = trains.map((train) => cutTrains(train, times, options.until))
  let kernel = create()
  let start = 0
  kernel.begin(options)
  const segments = [...stops, { time: options.until, moves: false }].map(({ time, moves }, segment) => {
    for (const [input, list] of batches.entries()) kernel.receive(input, list[segment]!)
    const spikes = kernel.advance(time, time)
    expectWithin(spikes, { start, end: time })
    start = time
    if (!moves) return spikes
    const next = kernel.nextEvent()
    const state = kernel.saveState()
    onState?.(state)
    kernel = create()
    kernel.resume(options, time, state)
    expect(kernel.nextEvent(), `next event after ${time}`).toBe(next)
    return spikes
  })
  const { size } = kernel.values
  const silent = Array.from({ length: options.trials * size }, (_, at) => {
    return kernel.isSilent(Math.floor(at / size), at % size)
  })
  return { spikes: joinTrains(segments).trains, silent }
}
