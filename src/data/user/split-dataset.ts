import { InputError } from '../../events/errors.js'
import { encodeSamples } from '../../learning/encode-samples.js'
import { createLabels, type Labels } from '../../learning/labels.js'
import { requireSamples } from '../../learning/mini-batch.js'
import { readDataset } from '../../learning/read-arguments.js'
import type { Dataset, SplitName, Task } from '../../learning/task.js'
import { type Readers, readOptions, recordOf } from '../../network/reading/read-fields.js'
import { integerFrom, readShare } from '../../network/reading/read-number.js'
import { createRandomStream } from '../../numerics/random-stream.js'
import { permutation } from '../../numerics/shuffle.js'
import { requireSamplesBelow } from '../sample-range.js'

/** Shares of the samples, which come to 1 at most. */
export type SplitShares = Readonly<Record<SplitName, number>>

export interface SplitOptions {
  /** Default: 0.7, 0.15 and 0.15. */
  readonly shares?: SplitShares
  /** Draws which samples go where; default 0. */
  readonly seed?: number
}

const SPLIT_SHARES: SplitShares = Object.freeze({ train: 0.7, validation: 0.15, test: 0.15 })

const SPLIT_NAMES = ['train', 'validation', 'test'] as const

const readShares = recordOf<SplitShares>({ train: readShare, validation: readShare, test: readShare })

const READERS: Readers<SplitOptions> = {
  shares: (value, field) => requireShares(readShares(value, field), field),
  seed: integerFrom(0),
}

/**
 * Splits a data set by chance, every class by the same shares: stratified.
 *
 * The samples of one class after the other, each in a random order that is a function of (seed, number of samples), go each
 * to the split that lacks most of its share; what the shares leave over is left out.
 *
 * Raises `InputError` SPLIT_EMPTY for a split that gets no sample, OPTION_OUT_OF_RANGE for shares of more than 1.
 *
 * @example const { train, validation, test } = splitDataset(dataset, { seed: 7 })
 */
export function splitDataset(dataset: Dataset, options: SplitOptions = {}): Pick<Task, SplitName> {
  requireSamples(readDataset(dataset), 'dataset')
  const { shares = SPLIT_SHARES, seed = 0 } = readOptions(options, READERS)
  const parts = shareOut(dataset.labels, shares, seed)
  const split = (name: SplitName) => partOfDataset(dataset, parts.get(name) as readonly number[], name)
  return { train: split('train'), validation: split('validation'), test: split('test') }
}

/** Which samples go to which split, by their labels, as `splitDataset` says; null stands for what is left out. */
export function shareOut(
  labels: ArrayLike<number>,
  shares: SplitShares,
  seed: number,
): ReadonlyMap<SplitName | null, readonly number[]> {
  const order = permutation(createRandomStream(seed, 'split-dataset'), labels.length)
  const byClass = Array.from(order).sort((a, b) => (labels[a] as number) - (labels[b] as number))
  const parts = new Map<SplitName | null, number[]>([...SPLIT_NAMES, null].map((name) => [name, []]))
  byClass.forEach((sample, k) => {
    parts.get(neediest(parts, shares, k + 1))?.push(sample)
  })
  return parts
}

const labelOf = ({ labels }: Dataset, sample: number) => labels[sample] as number

/** The split that lacks most of its share of the samples, the first of several; null stands for what is left out. */
function neediest(
  parts: ReadonlyMap<SplitName | null, readonly number[]>,
  shares: SplitShares,
  count: number,
): SplitName | null {
  const rest = 1 - shares.train - shares.validation - shares.test
  const lack = (name: SplitName | null) =>
    (name === null ? Math.max(0, rest) : shares[name]) * count - (parts.get(name)?.length ?? 0)
  return [...parts.keys()].reduce((most, name) => (lack(name) > lack(most) + ROUNDING ? name : most))
}

/** Shares are decimals. */
const ROUNDING = 1e-9

/** Some samples of a data set as one of their own. */
function partOfDataset(whole: Dataset, chosen: readonly number[], name: SplitName): Dataset {
  if (chosen.length === 0)
    throw new InputError({
      code: 'SPLIT_EMPTY',
      field: `shares.${name}`,
      found: `no sample of ${whole.size} for the split "${name}"`,
      expected: 'at least one',
      remedy: 'Give it a larger share, or more samples.',
    })
  const samples = Uint32Array.from(chosen).sort()
  const empty = emptyAmong(whole, samples)
  return {
    size: samples.length,
    classes: whole.classes,
    ...(whole.classNames === undefined ? {} : { classNames: whole.classNames }),
    labels: pickLabels(whole, samples),
    ...(empty === undefined ? {} : { emptyTrials: empty }),
    encode: (numbers, draw) => {
      requireSamplesBelow(samples.length, numbers)
      return whole.encode(
        numbers.map((number) => samples[number] as number),
        draw,
      )
    },
  }
}

function pickLabels(whole: Dataset, samples: Uint32Array): Labels {
  const labels = createLabels(samples.length, whole.classes)
  for (const [k, sample] of samples.entries()) labels[k] = labelOf(whole, sample)
  return labels
}

function emptyAmong(whole: Dataset, samples: Uint32Array): number | undefined {
  const { emptyTrials } = whole
  if (emptyTrials === undefined || emptyTrials === 0) return emptyTrials
  const trains = Object.values(encodeSamples(whole, samples))
  const isEmpty = (_: number, trial: number) => trains.every(({ offsets }) => offsets[trial] === offsets[trial + 1])
  return samples.filter(isEmpty).length
}

function requireShares(shares: SplitShares, field: string): SplitShares {
  const sum = shares.train + shares.validation + shares.test
  if (sum <= 1 + ROUNDING) return shares
  throw new InputError({ code: 'OPTION_OUT_OF_RANGE', field, found: `shares of ${sum}`, expected: 'of 1 at most' })
}
