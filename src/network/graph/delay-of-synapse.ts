import type { DelayShape } from '../instance/instance.js'

/**
 * The delay in ms of synapse `s` of a projection, which leaves source unit `u`.
 *
 * @param base where the projection's delays begin in `delays`
 */
export function delayOfSynapse(delays: Float64Array, shape: DelayShape, base: number, u: number, s: number): number {
  const place = delayPlace(shape, u, s)
  return place < 0 ? 0 : (delays[base + place] as number)
}

/** The place of that delay among those of the projection; -1 if there are none. */
export function delayPlace(shape: DelayShape, u: number, s: number): number {
  switch (shape) {
    case 'none':
      return -1
    case 'scalar':
      return 0
    case 'perSource':
      return u
    case 'perSynapse':
      return s
  }
}
