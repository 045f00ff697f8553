import { InputError } from '../../events/errors.js'

/** A kernel that knows no near misses: of its own group, or of one that leads to it. */
export function nearMissRefused(group: string, role: 'own' | 'heard'): InputError {
  const what = role === 'own' ? 'whose kernel feels none' : 'whose kernel cannot say what one more spike to it would do'
  return new InputError({
    code: 'NEAR_MISS_KERNEL',
    field: 'nearMiss',
    found: `"${group}", ${what}`,
    expected: 'groups whose kernels know near misses',
    remedy: "Open the network with the reference kernel: { kernel: 'reference' }, or --kernel reference.",
  })
}
