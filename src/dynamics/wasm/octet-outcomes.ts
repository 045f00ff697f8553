import { InternalError } from '../../events/errors.js'
import type { HeldUnits } from '../../network/instance/instance.js'
import { runawayNeuron, undefinedShift } from '../neuron-faults.js'
import { readField } from './fields.js'
import type { KernelMemory } from './kernel-memory.js'
import { readPlan } from './plan.js'
import type { NumberOf } from './schema/layout.js'
import { ENDS, NOTE, OCTET } from './schema/records.js'

/** What the last pass over each octet of a kernel left as a note. */
export interface OctetOutcomes {
  endOf(octet: number): (typeof ENDS)[number] | undefined
  /** Spikes forward, grazing crossings backward, of the first so many octets. */
  countOf(octets: number): number
  /** The error of a pass that did not end well. */
  fault(octet: number): Error
}

export function createOctetOutcomes(
  memory: KernelMemory,
  { name, start }: Pick<HeldUnits, 'name' | 'start'>,
): OctetOutcomes {
  const read = (octet: number, name: NumberOf<typeof NOTE>) =>
    readField(memory, NOTE, readPlan(memory, 'outcomes') + NOTE.size * octet, name)
  const endOf = (octet: number) => ENDS[read(octet, 'end')]

  function countOf(octets: number): number {
    let count = 0
    for (let octet = 0; octet < octets; octet++) count += read(octet, 'count')
    return count
  }

  function fault(octet: number): Error {
    const unit = start + OCTET * octet + read(octet, 'lane')
    const moment = { group: name, unit, time: read(octet, 'time') }
    switch (endOf(octet)) {
      case 'runaway':
        return runawayNeuron(moment, read(octet, 'detail'))
      case 'slope is undefined':
      case 'gradient overflows':
        return undefinedShift(moment, read(octet, 'detail'))
      default:
        return new InternalError(`The kernel of "${name}" stopped without a reason.`)
    }
  }

  return { endOf, countOf, fault }
}
