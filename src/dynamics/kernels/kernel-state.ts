import { InputError } from '../../events/errors.js'
import type { SpikeTrains } from '../../events/spike-trains.js'

/**
 * The state of a kernel's neurons between two segments of a run: plain numbers, from which a kernel of the same kind
 * continues bit-identically, however the group is then cut into slices.
 */
export interface KernelState {
  /** The quantities of the neurons held, by name; row-major [trial][neuron held]. */
  readonly columns: Readonly<Record<string, Float64Array>>
  /** By projection key: the spikes received that may still arrive somewhere. */
  readonly inFlight: Readonly<Record<string, SpikeTrains>>
  /** By the keys of projections with operators: how many spikes each unit of the source has sent. Absent: there are none. */
  readonly sent?: Readonly<Record<string, Float64Array>>
}

/** `InputError` STATE_FOREIGN: the state of a group was saved by another kernel than the one that is to go on from it. */
export function foreignState(group: string, found: readonly string[], expected: readonly string[]): InputError {
  return new InputError({
    code: 'STATE_FOREIGN',
    field: 'options.from',
    found: `for "${group}" the quantities ${found.join(', ')}`,
    expected: `${expected.join(', ')}, as the kernel of this session saves them; with parameters as they were then`,
  })
}
