import type { OptionWords } from '../../../learning/diagnosis/option-words.js'

/** As flags of `train`, and where there is none by what a module of the user's own can do. */
export const FLAG_WORDS: OptionWords = Object.freeze({
  silentHinge: (group, strength) => `--silent-hinge ${group}:${strength}`,
  silentLabelHinge: (strength) => `--silent-label-hinge ${strength}`,
  clipNorm: (norm) => `--clip ${norm}`,
  learningRate: (rate) => `--rate ${rate}`,
  learn: (kinds) => `--learn ${kinds.join(',')}`,
  leastThreshold: (threshold) => `--bounds thresholds:${threshold}:`,
  integralLoss: (_, scale) => `--loss liIntegral:scale=${scale}`,
  seed: '--seed',
  untilSpiking: 'untilSpiking(task) in a module of --task',
  budgetHigh: (group, { target, high }) => `--spike-budget ${group}:${target}:${high}`,
  budgetStart: () => null,
} satisfies OptionWords)
