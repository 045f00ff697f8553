import type { Task } from '../../learning/task.js'
import { recordOf } from '../../network/reading/read-fields.js'
import { integerFrom } from '../../network/reading/read-number.js'
import type { Reader } from '../../network/reading/read-value.js'
import type { LabelledTrains } from '../labelled-trains.js'
import { createTrainsDataset } from '../trains-dataset.js'

/** Numbers of samples. */
export type SplitSizes = Readonly<Record<'train' | 'validation' | 'test', number>>

export const readSplitSizes: Reader<SplitSizes> = recordOf<SplitSizes>({
  train: integerFrom(1),
  validation: integerFrom(1),
  test: integerFrom(1),
})

/** The splits of a task of generated trains. */
export function trainsSplits(
  sizes: SplitSizes,
  trainsOf: (split: keyof SplitSizes, size: number) => LabelledTrains,
): Pick<Task, keyof SplitSizes> {
  const split = (name: keyof SplitSizes) => createTrainsDataset(trainsOf(name, sizes[name]))
  return { train: split('train'), validation: split('validation'), test: split('test') }
}
