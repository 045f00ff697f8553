import { cosPi } from '../../../numerics/cos-pi.js'
import { exp } from '../../../numerics/exp.js'
import { expm1 } from '../../../numerics/expm1.js'
import { log } from '../../../numerics/log.js'
import { log1p } from '../../../numerics/log1p.js'

/** Elementary functions with the same bits on every machine; cosPi(x) is cos(pi x), and sin(pi x) is cosPi(x - 0.5). */
export interface ActorNumerics {
  exp(x: number): number
  expm1(x: number): number
  log(x: number): number
  log1p(x: number): number
  cosPi(x: number): number
}

export const ACTOR_NUMERICS: ActorNumerics = Object.freeze({ exp, expm1, log, log1p, cosPi })
