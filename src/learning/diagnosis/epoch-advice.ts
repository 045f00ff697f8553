import type { Network } from '../../network/description/network.js'
import { classNameOf } from '../class-name.js'
import type { Task } from '../task.js'
import { adviceOn, sizeOf } from './advice.js'
import type { AdviceContext } from './advice-context.js'
import { classesInWords, neverPredicted, type Predicted, type UnitClasses, unitClasses } from './class-advice.js'
import { type EarlierEpoch, falls, standsStill } from './earlier-epoch.js'
import type { EpochDiagnosis } from './layer-diagnosis.js'
import { describeOneClass } from './one-class.js'
import type { OptionWords } from './option-words.js'

/** An epoch of a training, as far as advice looks at it. */
export interface AdvisedEpoch extends Pick<AdviceContext, 'step' | 'kernels' | 'silentLabelFraction'> {
  readonly network: Network
  readonly task: Pick<Task, 'train' | 'validation'>
  /** Null if the layers were not diagnosed. */
  readonly diagnosis: EpochDiagnosis | null
  readonly loss: number | null
  readonly validationLoss: number | null
  /** Null if nothing is known of the epoch before. */
  readonly earlier: EarlierEpoch | null
  readonly trainAccuracy: number
  readonly trained: Predicted
  readonly validated: Predicted
  /** Of the schedule, the largest of the epoch. */
  readonly factor: number
  /** Before any schedule. */
  readonly learningRate: number
  readonly words: OptionWords
}

/** What seems to be wrong with an epoch, in plain sentences: first of labels, classes and loss, then of the layers. */
export interface EpochAdvice {
  readonly advice: readonly string[]
  /** The names of the classes that no sample was taken for, neither while training nor on the validation split. */
  readonly neverPredicted: readonly string[]
  /** What is to be remembered for the next epoch. */
  readonly seen: EarlierEpoch
}

export function epochAdvice(epoch: AdvisedEpoch): EpochAdvice {
  const { network, task, step, diagnosis, earlier, trained, validated, loss, validationLoss } = epoch
  const { classNames } = task.train
  const { group } = step.loss
  const classes = unitClasses(step.loss, sizeOf(network, group), classNames)
  const missing = classes === null ? [] : neverPredicted(classes, [trained, validated])
  const isFalling = falls(earlier, loss)
  const lasting = isFalling ? [] : missing.filter((label) => earlier?.neverPredicted.includes(label))
  const sentences = [
    describeOneClass(task.train.labels, step.loss),
    classes === null || lasting.length === 0 ? null : onMissingClasses(classes, lasting, epoch),
    onStillLoss(epoch, classes),
  ]
  return {
    advice: [
      ...sentences.flatMap((sentence) => (sentence === null ? [] : [`${group}: ${sentence}`])),
      ...(diagnosis === null ? [] : adviceOn(diagnosis, { ...epoch, classNames })),
    ],
    neverPredicted: missing.map((label) => classNameOf(classNames, label)),
    seen: { loss, validationLoss, neverPredicted: missing },
  }
}

function onMissingClasses(classes: UnitClasses, missing: readonly number[], { trained, words }: AdvisedEpoch): string {
  const theirs = Array.from(trained.labels).filter((label) => missing.includes(label)).length
  const found = `never predicted, in this epoch and in the one before: ${classesInWords(classes, missing)}`
  return `${found}, of which there are ${theirs} training samples, and the loss hardly falls; take other initial weights (${words.seed}), or another loss.`
}

function onStillLoss(epoch: AdvisedEpoch, classes: UnitClasses | null): string | null {
  const { earlier, loss, validationLoss, factor, learningRate, trainAccuracy, words } = epoch
  const now = { loss, validationLoss }
  if (!standsStill(earlier, now, { factor, accuracy: classes === null ? null : trainAccuracy })) return null
  const found = `the loss does not move: ${now.loss.toPrecision(4)} in this epoch and in the one before`
  return `${found}; raise the learning rate (${words.learningRate(Number((10 * learningRate).toPrecision(2)))}).`
}
