import type { KernelOptions } from '../kernel-options.js'
import { TRIAL_CHUNK } from '../trial-sum.js'
import type { OctetEngine } from './octet-engine.js'
import { TAU_ROWS } from './schema/records.js'
import { wantsTaus } from './wants.js'

/** Fields of the plan: room for so many trees of gradient vectors, each over all trials of a run. */
export function takeTrees({ memory, places }: OctetEngine, options: KernelOptions, trees: number) {
  const gradientBytes = places.gradientBytes + (wantsTaus(options) ? TAU_ROWS.size : 0)
  const levels = 33 - Math.clz32(Math.ceil(options.trials / TRIAL_CHUNK))
  return { gradientBytes, levels, vectors: memory.take(gradientBytes * levels * trees) }
}
