import type { Spread } from '../../../dist/learning/spread.js'
import { markdownTable } from '../../pages/markdown-table.js'
import { spreadText } from '../table.js'
import type { ChipAccuracies } from './measure-accuracies.js'
import type { SubjectStudy } from './study.js'

const HEAD = [
  'chip',
  'in its formats, trained exactly',
  'one format alone',
  'trained in its formats',
  'noisy devices: trained exactly',
  'noisy devices: trained in its formats',
  'noisy devices: trained on such',
  'the noisy device it was trained on',
  'not applied',
]

/** Test accuracies in percent: exact ones, in the formats of chips, and on noisy devices. */
export function accuracyTable({ exact, chips }: NonNullable<SubjectStudy['accuracy']>): string {
  return markdownTable(HEAD, [
    ['exact', inWords(exact), ...HEAD.slice(2).map(() => '')],
    ...chips.map((chip) => rowOf(chip)),
  ])
}

function rowOf({ profile, quantised, alone, trained, noisy, notApplied }: ChipAccuracies): readonly string[] {
  const one = Object.entries(alone).map(([format, { mean }]) => `${format} ${mean.toFixed(1)}`)
  const devices =
    noisy === null
      ? ['unknown', 'unknown', 'unknown', 'unknown']
      : [noisy.exact, noisy.formats, noisy.hardened, noisy.own].map(inWords)
  return [profile, inWords(quantised), one.join(', '), inWords(trained), ...devices, notApplied.join(', ')]
}

function inWords(spread: Spread): string {
  return spreadText(spread, 1)
}
