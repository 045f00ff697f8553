import type { Command } from 'commander'
import type { NoisePlace } from '../../learning/train-options.js'
import { decimal, nameList, oneOf, someText, wrongValue } from '../../network/reading/flag-values.js'

/** What a device does to a network. */
export interface NoiseFlag {
  /** A file, or settings. */
  readonly noise?: string
}

/** What chance does to a network while it learns. */
export interface TrainingNoiseFlags extends NoiseFlag {
  readonly noiseIn?: NoisePlace
  /** Probability per group. */
  readonly dropout?: Readonly<Record<string, number>>
  readonly dropoutScale?: 'none' | 'inverted'
}

export function addNoiseFlag(command: Command, seed: string): Command {
  return command.option(
    '--noise <file|settings>',
    `noise of a device: a JSON file, settings such as jitter=0.5,spikeLoss.hidden=0.01,weightMismatch=0.05,weightBits=6, or profile, that of --chip, with settings behind a comma (default: none; its seed ${seed})`,
    someText('--noise', 'a file, or settings'),
  )
}

export function addTrainingNoiseFlags(command: Command): Command {
  return addNoiseFlag(command, 'is that of the training unless it says seed=N')
    .option(
      '--noise-in <where>',
      'where the noise is: train (while learning), test (while measuring) or both (default: both)',
      oneOf('--noise-in', ['train', 'test', 'both']),
    )
    .option(
      '--dropout <rates>',
      'spikes to leave out by chance while learning, such as input:0.2,hidden:0.1 (default: as the preset says)',
      ratesOf('--dropout'),
    )
    .option(
      '--dropout-scale <how>',
      'none (spikes are left out, no more) or inverted (weights of the rest count 1 / (1 - p) times) (default: none)',
      oneOf('--dropout-scale', ['none', 'inverted']),
    )
}

/** A parser of GROUP:RATE with commas between them; whether there is such a group is for the network to say. */
function ratesOf(flag: string): (text: string) => Readonly<Record<string, number>> {
  const entries = nameList(flag)
  return (text) => {
    const rates = new Map<string, number>()
    for (const entry of entries(text)) {
      const [name = '', number = '', ...rest] = entry.split(':')
      const rate = decimal(number)
      if (rest.length > 0 || Number.isNaN(rate) || rates.has(name))
        throw wrongValue(flag, text, 'GROUP:RATE with commas between them, each group once')
      rates.set(name, rate)
    }
    return Object.fromEntries(rates)
  }
}
