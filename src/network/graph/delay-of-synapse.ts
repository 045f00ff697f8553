import type { DelayShape } from '../instance/instance.js'

/**
 * The delay in ms of synapse `s` of a projection, which leaves source unit `u`.
 *
 * @param base where the projection's delays begin in `delays`
 */
export function delayOfSynapse(delays: Float64Array, shape: DelayShape, base: number, u: number, s: number): number {
  switch (shape) {
    case 'none':
      return 0
    case 'scalar':
      return delays[base] as number
    case 'perSource':
      return delays[base + u] as number
    case 'perSynapse':
      return delays[base + s] as number
  }
}
