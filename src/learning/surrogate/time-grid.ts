import { InputError } from '../../events/errors.js'
import { exp } from '../../numerics/exp.js'

/** The instants 0, dt, 2 dt, … of a trial [0, until): `steps` of them. */
export interface TimeGrid {
  /** In ms. */
  readonly dt: number
  readonly steps: number
}

/** A trial of more steps than that is a mistake, not an intention. */
const MOST_STEPS = 2 ** 20

/** Rounding of until / dt must not add a step. */
const TOLERANCE = 1e-9

/**
 * The grid of a trial of [0, until) ms.
 *
 * Raises `InputError` UNTIL_INVALID for a trial without an end, SURROGATE_STEPS for one of more than 2^20 steps.
 */
export function timeGrid(dt: number, until: number): TimeGrid {
  if (until === Number.POSITIVE_INFINITY) {
    throw new InputError({
      code: 'UNTIL_INVALID',
      field: 'trials.until',
      found: 'Infinity',
      expected: 'a finite time in ms, as a grid of time steps has an end',
      remedy: 'Give the trials an end.',
    })
  }
  const steps = Math.max(1, Math.ceil(until / dt - TOLERANCE))
  if (steps <= MOST_STEPS) return { dt, steps }
  throw new InputError({
    code: 'SURROGATE_STEPS',
    field: 'dt',
    found: `${steps} steps of ${dt} ms in a trial of ${until} ms`,
    expected: `at most ${MOST_STEPS} steps`,
    remedy: 'Raise dt, or end the trials earlier.',
  })
}

/** scale e^{-t/tau} at every point of a grid. */
export function fadingShares({ dt, steps }: TimeGrid, tau: number, scale: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, k) => scale * exp((-k * dt) / tau))
}
