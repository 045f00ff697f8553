import type { Mismatch, NoiseChoice, PerName } from './device-noise.js'

/** Whether another seed could make a difference: something is left to chance, not all of it is the format of numbers. */
export function isRandom(noise: NoiseChoice): boolean {
  const { jitter, spikeLoss, readoutJitter, weightMismatch, thresholdMismatch, delayMismatch } = noise
  const chances = [jitter, spikeLoss, readoutJitter, weightMismatch, thresholdMismatch, delayMismatch]
  return chances.some((chance) => isAny(chance))
}

function isAny(chance: PerName | Mismatch | undefined): boolean {
  if (chance === undefined) return false
  return typeof chance === 'number' ? chance > 0 : Object.values(chance).some((each) => each > 0)
}
