import { philoxKeys } from '../../../../numerics/philox.js'

/** The keys of all rounds of Philox for a seed, as assembly/window/philox.ts wants them: each word four times. */
export function roundKeys(seed: number): Uint32Array {
  const keys = philoxKeys(seed >>> 0, (seed / 2 ** 32) >>> 0)
  return Uint32Array.from({ length: 4 * keys.length }, (_, k) => keys[k >> 2] as number)
}
