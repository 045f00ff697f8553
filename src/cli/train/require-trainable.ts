import { requireGridNetwork, requireGridStep } from '../../learning/surrogate/require-grid-network.js'
import { configureTraining } from '../../learning/training-config.js'
import { inTermsOfDevice } from '../noise/in-terms-of-device.js'
import type { PreparedTask } from '../tasks.js'
import type { TrainFlags } from './train-flags.js'

/** Raises the `InputError`s that a training would meet at its first step: here nothing has been written yet. */
export function requireTrainable({ task, training, formats }: PreparedTask, { method, seed }: TrainFlags): void {
  const { step } = inTermsOfDevice(formats, () => configureTraining(task.network, task, { ...training, seed }))
  if (method !== 'surrogate') return
  requireGridNetwork(task.network)
  requireGridStep(step)
}
