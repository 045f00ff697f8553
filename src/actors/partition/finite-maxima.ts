import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { RunError } from '../../events/errors.js'
import type { Maxima } from '../../learning/session.js'

/** Voltages beyond the range of a double have no maximum to report: raises `RunError` VOLTAGE_OVERFLOW. */
export function finiteMaxima(kernel: Kernel): Maxima {
  const maxima = kernel.maxima()
  if (maxima.values.every(Number.isFinite)) return maxima
  throw new RunError({
    code: 'VOLTAGE_OVERFLOW',
    message: `A voltage of group "${kernel.values.name}" is beyond the range of a double.`,
    details: { group: kernel.values.name },
    remedy: 'Scale the weights into it down.',
  })
}
