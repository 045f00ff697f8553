import type { SpikeBudget } from '../spike-budget.js'

/** How options are named to those who read advice, as they would type them: in a program, or on a command line. */
export interface OptionWords {
  silentHinge(group: string, strength: number): string
  silentLabelHinge(strength: number): string
  clipNorm(norm: number): string
  learningRate(rate: number): string
  learn(kinds: readonly string[]): string
  /** Thresholds that are learned, and go no lower. */
  leastThreshold(threshold: number): string
  /** A loss under which every unit of a readout has a gradient. */
  integralLoss(group: string, scale: number): string
  /** Other initial weights. */
  readonly seed: string
  /** Initial weights with which neurons spike. */
  readonly untilSpiking: string
  budgetHigh(group: string, budget: Pick<SpikeBudget, 'target' | 'high'>): string
  /** Null where it cannot be said. */
  budgetStart(group: string): string | null
}

/** As options of `train` and of the functions beside it. */
export const LIBRARY_WORDS: OptionWords = Object.freeze({
  silentHinge: (group, strength) => `silentHinge: { ${keyOf(group)}: ${strength} }`,
  silentLabelHinge: (strength) => `silentLabelHinge: ${strength}`,
  clipNorm: (norm) => `clipNorm: ${norm}`,
  learningRate: (rate) => `learningRate: ${rate}`,
  learn: (kinds) => `learn: [${kinds.map((kind) => `'${kind}'`).join(', ')}]`,
  leastThreshold: (threshold) => `bounds: { thresholds: [${threshold}, Infinity] }`,
  integralLoss: (group, scale) => `liIntegral('${group}', { scale: ${scale} })`,
  seed: 'the seed of the session',
  untilSpiking: 'untilSpiking(task)',
  budgetHigh: (group, { high }) => `spikeBudget: { ${keyOf(group)}: { high: ${high} } }`,
  budgetStart: (group) => `spikeBudget: { ${keyOf(group)}: { start } }`,
} satisfies OptionWords)

function keyOf(group: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(group) ? group : JSON.stringify(group)
}
