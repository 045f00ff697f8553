import type { Sign } from '../description/sign.js'
import type { NumberRule } from '../reading/read-number.js'

/** What the numbers of one kind must satisfy, with a code of its own. */
export interface QuantityRule extends NumberRule {
  readonly code: string
  /** What holds for parameters of a group whose description has no limit of this kind. */
  readonly regular?: QuantityRule
}

export const FINITE: QuantityRule = { code: 'NUMBER_NOT_FINITE', expected: 'a finite number', holds: () => true }
/** Below this many ms a time constant drowns in the rounding of the times it is added to, and crossings with it. */
export const SHORTEST_TIME_CONSTANT = 1e-9
/** Products of a few time constants stay far from overflow up to here, and crossings are found. */
export const LONGEST_TIME_CONSTANT = 1e30
export const TIME_CONSTANT: QuantityRule = {
  code: 'TIME_CONSTANT_NOT_POSITIVE',
  expected: `a time constant in ms, > 0, from ${SHORTEST_TIME_CONSTANT} to ${LONGEST_TIME_CONSTANT}`,
  remedy: `What lasts longer than any trial changes nothing: ${LONGEST_TIME_CONSTANT} stands for no decay.`,
  holds: (value) => value >= SHORTEST_TIME_CONSTANT && value <= LONGEST_TIME_CONSTANT,
}

/** Of a membrane that need not leak. */
export const MEMBRANE_TIME_CONSTANT: QuantityRule = {
  code: TIME_CONSTANT.code,
  expected: `${TIME_CONSTANT.expected}, or Infinity for a membrane without a leak`,
  infinite: true,
  regular: TIME_CONSTANT,
  holds: (value) => value === Infinity || TIME_CONSTANT.holds(value),
}
/** Of neurons whose voltage arrivals may move at once. */
export const SYNAPTIC_TIME_CONSTANT: QuantityRule = {
  code: TIME_CONSTANT.code,
  expected: `${TIME_CONSTANT.expected}, or 0 for arrivals that move V at once`,
  regular: TIME_CONSTANT,
  holds: (value) => value === 0 || TIME_CONSTANT.holds(value),
}

const SIGN_RULES: Readonly<Record<Sign, QuantityRule>> = {
  excitatory: {
    code: 'WEIGHT_SIGN',
    expected: 'a weight >= 0, for the projection is excitatory',
    remedy: 'To draw weights of one sign, use a uniform distribution from 0 on, or a constant.',
    holds: (value) => value >= 0,
  },
  inhibitory: {
    code: 'WEIGHT_SIGN',
    expected: 'a weight <= 0, for the projection is inhibitory',
    remedy: 'To draw weights of one sign, use a uniform distribution up to 0, or a constant.',
    holds: (value) => value <= 0,
  },
}

/** Rule of the weights of a projection. */
export function weightRule(sign: Sign | undefined): QuantityRule {
  return sign === undefined ? FINITE : SIGN_RULES[sign]
}

export const DELAY_RULE: QuantityRule = {
  code: 'DELAY_NEGATIVE',
  expected: 'a delay in ms, >= 0',
  holds: (value) => value >= 0,
}

/** Spikes that follow each other more closely would soon drown in the rounding of their times. */
const HIGHEST_RATE = 1e9

export const RATE_RULE: QuantityRule = {
  code: 'RATE_OUT_OF_RANGE',
  expected: `a rate in Hz from 0 to ${HIGHEST_RATE}`,
  holds: (value) => value >= 0 && value <= HIGHEST_RATE,
}
export const PERIOD_RULE: QuantityRule = {
  code: 'PERIOD_NOT_POSITIVE',
  expected: `a period in ms, > 0 and at least ${1000 / HIGHEST_RATE}`,
  holds: (value) => value >= 1000 / HIGHEST_RATE,
}
export const SCALE_RULE: QuantityRule = {
  code: 'SCALE_NEGATIVE',
  expected: 'a factor of the rates, >= 0',
  holds: (value) => value >= 0,
}
export const EMISSION_TIME_RULE: QuantityRule = {
  code: 'EMISSION_TIME_NEGATIVE',
  expected: 'a time in ms, >= 0',
  holds: (value) => value >= 0,
}
