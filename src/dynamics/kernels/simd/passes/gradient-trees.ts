import { TRIAL_CHUNK } from '../../../parameters/trial-sum.js'
import type { KernelOptions } from '../../kernel-options.js'
import { wantsTaus } from '../../wants.js'
import { TAU_ROWS } from '../../wasm/schema/records.js'
import type { SimdEngine } from '../layout/simd-engine.js'

/** Fields of the header: room for so many trees of gradient vectors, each over all trials of a run. */
export function takeTrees({ memory, places }: SimdEngine, options: KernelOptions, trees: number) {
  const gradientBytes = places.gradientBytes + (wantsTaus(options) ? TAU_ROWS.size : 0)
  const levels = 33 - Math.clz32(Math.ceil(options.trials / TRIAL_CHUNK))
  return { gradientBytes, levels, vectors: memory.take(gradientBytes * levels * trees) }
}
