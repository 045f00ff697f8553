import { createRandomStream } from '../../../src/numerics/random-stream.js'

/** Random temporal patterns: each class has one spike per input within `span` ms, which is 2 ms off in every sample. */
export function patternTrials(
  seed: number,
  { classes, inputs, span, samples }: Readonly<Record<'classes' | 'inputs' | 'span' | 'samples', number>>,
) {
  const [patterns, noise] = [createRandomStream(seed, 'patterns'), createRandomStream(seed, 'noise')]
  const labels = Array.from({ length: samples }, (_, sample) => sample % classes)
  const input = labels.map((label, sample) => ({
    times: Array.from({ length: inputs }, (_, unit) =>
      Math.max(0, span * patterns.uniform(label * inputs + unit) + 2 * noise.normal(sample * inputs + unit)),
    ),
    units: Array.from({ length: inputs }, (_, unit) => unit),
  }))
  return { trains: { input }, labels }
}
