import type { NumberRule } from '../network/reading/read-number.js'

/** What the numbers of losses must satisfy. */
export const LOSS_RULES = {
  coefficient: { code: 'NUMBER_NOT_FINITE', expected: 'a finite coefficient', holds: () => true },
  scale: { code: 'TIME_CONSTANT_NOT_POSITIVE', expected: 'a time constant in ms, > 0', holds: (value) => value > 0 },
  factor: { code: 'LOSS_SCALE_NOT_POSITIVE', expected: 'a scale in 1/ms, > 0', holds: (value) => value > 0 },
  time: { code: 'TARGET_TIME_NEGATIVE', expected: 'a time in ms, >= 0', holds: (value) => value >= 0 },
  smoothing: {
    code: 'LOSS_SMOOTHING_RANGE',
    expected: 'a share of the probability, from 0 and below 1',
    holds: (value) => value >= 0 && value < 1,
  },
  units: {
    code: 'LOSS_UNITS_PER_CLASS',
    expected: 'an integer from 1',
    holds: (value) => Number.isSafeInteger(value) && value >= 1,
  },
  strength: { code: 'LOSS_STRENGTH_NEGATIVE', expected: 'a strength >= 0', holds: (value) => value >= 0 },
} as const satisfies Record<string, NumberRule>
