import { RunError } from '../../events/errors.js'
import type { SliceVoltages } from '../partition/partition.js'

/** The error for watchers of a projection whose spikes no actor sends. */
export function gradientsInside(projection: string): RunError {
  return new RunError({
    code: 'GRADIENTS_INSIDE',
    message: `Gradient events of "${projection}" pass within one kernel, where they cannot be watched.`,
    details: { projection },
    remedy:
      'Its groups are joined by a cycle in next to no time: give the cycle a delay, or place its groups on several cores.',
  })
}

/** In one run or segment, of all units and trials: 512 MiB. */
export const MOST_SAMPLES = 2 ** 26

type Fault = Extract<SliceVoltages['found'], string>

const FAULTS: Readonly<Record<Fault, { readonly code: string; readonly why: string; readonly remedy: string }>> = {
  driven: {
    code: 'VOLTAGES_DRIVEN',
    why: 'its kernel draws the spikes of a source itself, so their arrival cannot be observed',
    remedy: "Open the session with kernel: 'reference', or give the source its spikes.",
  },
  routed: {
    code: 'VOLTAGES_ROUTED',
    why: 'operators stand in a projection into it',
    remedy: 'Watch groups whose projections have none.',
  },
  late: {
    code: 'VOLTAGES_LATE',
    why: 'the stream had begun before, or continues from a state',
    remedy: 'Watch them from the beginning of a stream that begins at rest.',
  },
  many: {
    code: 'VOLTAGES_MANY',
    why: `a run or a segment has more than 2^${Math.log2(MOST_SAMPLES)} samples`,
    remedy: 'Ask for fewer units or a larger every, simulate fewer trials at once, or stream in shorter segments.',
  },
  endless: {
    code: 'VOLTAGES_ENDLESS',
    why: 'the trials have no end',
    remedy: 'Give the trials an end, or stream them.',
  },
}

/** The error for watchers of voltages that cannot be computed. */
export function voltagesUnknown(group: string, fault: Fault): RunError {
  const { code, why, remedy } = FAULTS[fault]
  return new RunError({ code, message: `Voltages of "${group}" cannot be shown: ${why}.`, details: { group }, remedy })
}
