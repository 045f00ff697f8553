import type { WindowKernel } from '../../src/dynamics/kernels/window/window-kernel.js'
import { joinTrains } from '../../src/events/join-trains.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { cutTrains, unitsOf } from './cut-trains.js'
import { forwardOptions } from './window-case.js'

export interface SegmentedRun {
  /** Of the group that all projections come from. */
  readonly train: SpikeTrains
  readonly until: number
  /** Where inputs are cut into batches, and where segments end; ascending. */
  readonly batches?: readonly number[]
  readonly stops?: readonly number[]
  /** The last input is told first. */
  readonly backwards?: boolean
}

/** Runs a window kernel through a part of a trial; its spikes, and the state that it leaves, to be compared by the bit. */
export function segmentedRun(
  kernel: WindowKernel,
  { train, until, batches = [], stops = [], backwards = false }: SegmentedRun,
) {
  kernel.begin(forwardOptions(2 * until, { segmented: true }))
  const order = kernel.inputs.map((_, input) => input)
  if (backwards) order.reverse()
  for (const input of order)
    for (const batch of cutTrains(unitsOf(train, kernel.inputs[input]!.units).trains, batches, until))
      kernel.receive(input, batch)
  const parts = [...stops, until].map((end) => kernel.advance(end, end))
  return { spikes: joinTrains(parts).trains, state: kernel.saveState().columns }
}
