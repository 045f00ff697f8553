import type { KernelChoice } from '../../dynamics/kernels/choose-kernel.js'
import type { Network } from '../../network/description/network.js'
import type { StepOptions } from '../session.js'
import type { UnitClasses } from './class-advice.js'
import type { EpochDiagnosis, LayerDiagnosis } from './layer-diagnosis.js'
import type { OptionWords } from './option-words.js'

/** How the epoch was trained, and what else it showed. */
export interface AdviceContext {
  readonly network: Network
  readonly step: Pick<StepOptions, 'loss' | 'silentHinge' | 'silentLabelHinge' | 'clipNorm' | 'rates'>
  /** Share of trials without a loss because their label unit was silent. */
  readonly silentLabelFraction: number
  /** What computes the layers; default: nothing is known of it. */
  readonly kernels?: readonly KernelChoice[] | undefined
  /** Of the data; default: they are numbered. */
  readonly classNames?: readonly string[] | undefined
  /** Default: those of the library. */
  readonly words?: OptionWords
}

/** One layer, among all. */
export interface LayerAdvice extends Required<Omit<AdviceContext, 'kernels' | 'classNames'>> {
  readonly name: string
  readonly layer: LayerDiagnosis
  readonly layers: EpochDiagnosis['layers']
  /** What the units of the loss's group stand for; null where they are no classes. */
  readonly classes: UnitClasses | null
}
