import { InternalError } from '../../events/errors.js'
import type { HeldUnits } from '../../network/instance.js'
import { runawayNeuron, undefinedShift } from '../neuron-faults.js'
import type { KernelMemory } from './kernel-memory.js'
import { OCTET } from './octet-layout.js'
import { readPlan } from './plan.js'

/** Bytes of an octet's note, as assembly/outcome.ts lays it out. */
const OUTCOME_BYTES = 32

/** How a pass over an octet may end, by the numbers of assembly/outcome.ts. */
const ENDS = ['done', 'tape is full', 'runaway', 'slope is undefined', 'gradient overflows'] as const

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
  const noteOf = (octet: number) => readPlan(memory, 'outcomes') + OUTCOME_BYTES * octet
  const endOf = (octet: number) => ENDS[memory.i32[noteOf(octet) / 4] as number]

  function countOf(octets: number): number {
    let count = 0
    for (let octet = 0; octet < octets; octet++) count += memory.i32[noteOf(octet) / 4 + 6] as number
    return count
  }

  function fault(octet: number): Error {
    const note = noteOf(octet)
    const unit = start + OCTET * octet + (memory.i32[note / 4 + 1] as number)
    /** The spikes there may be, or the slope of the crossing. */
    const detail = memory.f64[note / 8 + 2] as number
    const moment = { group: name, unit, time: memory.f64[note / 8 + 1] as number }
    switch (endOf(octet)) {
      case 'runaway':
        return runawayNeuron(moment, detail)
      case 'slope is undefined':
      case 'gradient overflows':
        return undefinedShift(moment, detail)
      default:
        return new InternalError(`The kernel of "${name}" stopped without a reason.`)
    }
  }

  return { endOf, countOf, fault }
}
