import { RunError } from '../events/errors.js'
import type { GradientResult } from './session.js'

type Gradient = Pick<GradientResult, 'gradients' | 'inputTimes'>

/**
 * A gradient as it is. Raises `RunError` GRADIENT_OVERFLOW, which names the array, if an entry is no finite number: every part
 * of it may be one, and their sum be none.
 */
export function finiteGradient({ gradients, inputTimes }: Gradient): Gradient {
  for (const [projection, arrays] of Object.entries(gradients.projections))
    requireArrays(arrays, `the projection "${projection}"`, { projection })
  for (const [group, arrays] of Object.entries(gradients.groups))
    requireArrays(arrays, `the group "${group}"`, { group })
  for (const [group, times] of Object.entries(inputTimes))
    requireArrays({ times }, `the input spikes of "${group}"`, { group })
  return { gradients, inputTimes }
}

function requireArrays(arrays: object, owner: string, details: Record<string, string>): void {
  for (const [array, values] of Object.entries<Float64Array>(arrays as Record<string, Float64Array>)) {
    const entry = values.findIndex((value) => !Number.isFinite(value))
    if (entry < 0) continue
    throw new RunError({
      code: 'GRADIENT_OVERFLOW',
      message: `The gradient by the ${array} of ${owner} is beyond the range of a double: ${values[entry]} at entry ${entry}.`,
      details: { ...details, array, entry },
      remedy: 'Scale the loss or the weights down.',
    })
  }
}
