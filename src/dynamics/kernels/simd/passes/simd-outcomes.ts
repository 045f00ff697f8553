import { InternalError } from '../../../../events/errors.js'
import type { HeldUnits } from '../../../../network/instance/instance.js'
import { runawayNeuron, undefinedShift } from '../../../models/neuron-faults.js'
import { readField } from '../../wasm/fields.js'
import { readHeader } from '../../wasm/header.js'
import type { KernelMemory } from '../../wasm/kernel-memory.js'
import type { NumberOf } from '../../wasm/schema/layout.js'
import { ENDS, LANE_COUNT, NOTE } from '../../wasm/schema/records.js'

/** What the last pass over each lane group of a kernel left as a note. */
export interface SimdOutcomes {
  endOf(laneGroup: number): (typeof ENDS)[number] | undefined
  /** Spikes forward, grazing crossings backward, of the first so many lane groups. */
  countOf(laneGroups: number): number
  /** The error of a pass that did not end well. */
  fault(laneGroup: number): Error
}

export function createSimdOutcomes(
  memory: KernelMemory,
  { name, start }: Pick<HeldUnits, 'name' | 'start'>,
): SimdOutcomes {
  const read = (laneGroup: number, name: NumberOf<typeof NOTE>) =>
    readField(memory, NOTE, readHeader(memory, 'outcomes') + NOTE.size * laneGroup, name)
  const endOf = (laneGroup: number) => ENDS[read(laneGroup, 'end')]

  function countOf(laneGroups: number): number {
    let count = 0
    for (let laneGroup = 0; laneGroup < laneGroups; laneGroup++) count += read(laneGroup, 'count')
    return count
  }

  function fault(laneGroup: number): Error {
    const unit = start + LANE_COUNT * laneGroup + read(laneGroup, 'lane')
    const moment = { group: name, unit, time: read(laneGroup, 'time') }
    switch (endOf(laneGroup)) {
      case 'runaway':
        return runawayNeuron(moment, read(laneGroup, 'detail'))
      case 'slope is undefined':
      case 'gradient overflows':
        return undefinedShift(moment, read(laneGroup, 'detail'))
      default:
        return new InternalError(`The kernel of "${name}" stopped without a reason.`)
    }
  }

  return { endOf, countOf, fault }
}
