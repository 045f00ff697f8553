import { readFile } from 'node:fs/promises'
import { parseNetwork } from '../../../dist/index.js'
import type { ParameterKind } from '../../../dist/learning/session.js'
import type { Subject } from './subjects.js'

/** A network of the study that learns a task. */
export interface TrainedSubject {
  readonly name: string
  readonly text: string
  /** What stands behind `antidrome train`, without data folder, seeds, name and checkpoints. */
  readonly train: readonly string[]
  /** Where a chip does not say otherwise. */
  readonly learns: readonly ParameterKind[]
  readonly seeds: string
  /** The files it needs. */
  readonly data?: 'mnist'
}

/** Samples whose spikes are counted. */
const SAMPLES = 32

export const TRAINED: readonly TrainedSubject[] = [
  {
    name: 'yin-yang',
    text: 'Yin-Yang, 4-30-3, first spikes of 100 ms, weights, delays, thresholds and adaptation learned for 100 epochs',
    train: ['yin-yang', '--preset', 'yin-yang-30-all', '--epochs', '100'],
    learns: ['weights', 'delays', 'thresholds', 'adaptation'],
    seeds: '1..3',
  },
  {
    name: 'mnist',
    text: 'MNIST, 784-350-10, weights learned for 4 epochs',
    train: ['mnist', '--preset', 'mnist-weights', '--epochs', '4'],
    learns: ['weights'],
    seeds: '1',
    data: 'mnist',
  },
]

/** The subject as it is counted: the network of the first seed that learned exactly, on samples of the test split. */
export function countedOf(
  { name, text, data }: TrainedSubject,
  folder: string,
  dataFolder: string | undefined,
): Subject {
  const network = `${folder}/seed-1`
  return {
    name,
    text,
    trials: SAMPLES,
    report: [network, '--samples', String(SAMPLES)],
    ...(data === undefined || dataFolder === undefined ? {} : { data: { name: data, folder: dataFolder } }),
    network: async () => parseNetwork(await readFile(`${network}/network.json`, 'utf8')),
  }
}
