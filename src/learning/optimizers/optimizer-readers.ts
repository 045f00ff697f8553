import { valueThat } from '../../network/reading/read-value.js'

/** Raises `InputError` OPTIMIZER_OPTION unless the value is a finite number above 0. */
export const readRate = valueThat<number>({
  code: 'OPTIMIZER_OPTION',
  expected: 'a finite number above 0',
  holds: (value) => Number.isFinite(value) && Number(value) > 0,
})

/** Raises `InputError` OPTIMIZER_OPTION unless the value lies in [0, 1). */
export const readMemory = valueThat<number>({
  code: 'OPTIMIZER_OPTION',
  expected: 'a number in [0, 1)',
  holds: (value) => Number.isFinite(value) && Number(value) >= 0 && Number(value) < 1,
})
