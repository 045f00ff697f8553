import { MOST_CLASSES } from '../../learning/labels.js'
import type { Task } from '../../learning/task.js'
import type { LabelledTrains } from '../labelled-trains.js'
import { integerFrom, numberThat, type Reader, recordOf } from '../read-fields.js'
import { createTrainsDataset } from '../trains-dataset.js'

/** Numbers of samples. */
export type SplitSizes = Readonly<Record<'train' | 'validation' | 'test', number>>

export const readSplitSizes: Reader<SplitSizes> = recordOf<SplitSizes>({
  train: integerFrom(1),
  validation: integerFrom(1),
  test: integerFrom(1),
})

/** A number of classes, or of patterns that are told apart by their labels. */
export function classesFrom(least: number): Reader<number> {
  const holds = (value: number) => Number.isInteger(value) && value >= least && value <= MOST_CLASSES
  return numberThat(`an integer from ${least} to ${MOST_CLASSES}`, holds)
}

/** The splits of a task of generated trains. */
export function trainsSplits(
  sizes: SplitSizes,
  trainsOf: (split: keyof SplitSizes, size: number) => LabelledTrains,
): Pick<Task, keyof SplitSizes> {
  const split = (name: keyof SplitSizes) => createTrainsDataset(trainsOf(name, sizes[name]))
  return { train: split('train'), validation: split('validation'), test: split('test') }
}
