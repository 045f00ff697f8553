import { InputError } from '../../events/errors.js'
import { type Labels, MOST_CLASSES } from '../../learning/labels.js'
import type { GradientResult, Session, Trials } from '../../learning/session.js'
import type { Network } from '../../network/description/network.js'
import { readLossFile } from '../loss/read-loss-file.js'
import type { ModulesFlag } from '../modules-flag.js'

/** What a loss file asks of a session: the loss of one trial and its gradients. */
export type GradientRequest = (session: Session, trials: Trials) => Promise<GradientResult>

/** Reads a loss file; what it says wrong shows here or, if only the run can tell, with the file's name there. */
export async function readGradientRequest(
  file: string,
  network: Network,
  flags: ModulesFlag,
): Promise<GradientRequest> {
  const { loss, label } = await readLossFile(file, network, flags)
  const labels = labelsOf(label)
  return async (session, trials) => {
    try {
      return await session.gradient(trials, loss, labels)
    } catch (error) {
      // Only the run shows how many spikes there are; the coefficients still stand in the file.
      throw error instanceof InputError && error.code.startsWith('LOSS_') ? error.inFile(file) : error
    }
  }
}

function labelsOf(label: number | null): Labels | undefined {
  if (label === null) return undefined
  if (label < MOST_CLASSES) return Uint16Array.of(label)
  throw new InputError({
    code: 'LOSS_LABEL_RANGE',
    field: 'label',
    found: String(label),
    expected: `at most ${MOST_CLASSES - 1}, the largest label there is`,
  })
}
