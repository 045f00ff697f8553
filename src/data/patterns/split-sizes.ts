import { integerFrom, type Reader, recordOf } from '../read-fields.js'

/** Numbers of samples. */
export type SplitSizes = Readonly<Record<'train' | 'validation' | 'test', number>>

export const readSplitSizes: Reader<SplitSizes> = recordOf<SplitSizes>({
  train: integerFrom(1),
  validation: integerFrom(1),
  test: integerFrom(1),
})
