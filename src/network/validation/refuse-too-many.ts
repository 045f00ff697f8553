import { InputError } from '../../events/errors.js'

/** Synapse indices are kept in 32 bits. */
const MOST_SYNAPSES = 2 ** 28

/** Raises `InputError` PROJECTION_TOO_LARGE for more synapses than a projection may have. */
export function refuseTooMany(synapses: number, field: string): void {
  if (synapses <= MOST_SYNAPSES) return
  throw new InputError({
    code: 'PROJECTION_TOO_LARGE',
    field,
    found: `${synapses} synapses`,
    expected: `at most ${MOST_SYNAPSES}`,
    remedy: 'Describe fewer, by a rule or a list of those that exist.',
  })
}
