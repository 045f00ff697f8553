import type { Loss } from '../../learning/loss.js'
import { type LossLoading, loadLossFile, loadTrainingLossFile, type ParsedLoss } from '../../learning/loss-file.js'
import type { Network } from '../../network/description/network.js'
import { readTextFile } from '../../storage/read-text.js'
import { fileUrl, type ModulesFlag } from '../modules-flag.js'
import { loadNamedLoss } from './load-named-loss.js'

const FLAG = '--loss'

/** The loss of a trial, from a loss file. Raises `InputError` as `parseLoss` and `loadNamedLoss` do. */
export async function readLossFile(file: string, network: Network, flags: ModulesFlag): Promise<ParsedLoss> {
  return loadLossFile(await readTextFile(file, FLAG), network, file, loadingFrom(file, flags))
}

/** The loss of a training, from a loss file without a label. Raises the same. */
export async function readTrainingLoss(file: string, network: Network, flags: ModulesFlag): Promise<Loss> {
  return loadTrainingLossFile(await readTextFile(file, FLAG), network, file, loadingFrom(file, flags))
}

function loadingFrom(file: string, flags: ModulesFlag): LossLoading {
  return { base: fileUrl(file), load: (named) => loadNamedLoss(named, { file, field: '$' }, flags) }
}
