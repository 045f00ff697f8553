import { mkdir, writeFile } from 'node:fs/promises'
import { convolution } from '../../../bench/placing-networks.js'
import { balancedNetwork } from '../../../dist/data/index.js'
import { formatNetwork, type Network, poisson } from '../../../dist/index.js'

/** A network of the study whose spikes are counted. */
export interface Subject {
  readonly name: string
  /** In words: the network, and what it runs on. */
  readonly text: string
  /** What an inference is: one of so many trials. */
  readonly trials: number
  /** What stands behind `antidrome chip-report`. */
  readonly report: readonly string[]
  /** The files of its samples, by the name of their task. */
  readonly data?: { readonly name: string; readonly folder: string }
  network(): Promise<Network>
}

const FOLDER = 'runs/chips'
const CONVOLUTION = `${FOLDER}/convolution.json`
/** Spikes of a pixel, Hz; weights with which all layers spike at some 5 to 20 Hz. */
const DRIVE = { rate: 20, weights: [0.2, 0.24, 0.02, 0.1] } as const
/** So few that 32 neurons of the hidden layer have room on a core of Loihi. */
const MAPS = [8, 16] as const
const BALANCED = { neurons: 1000, inDegree: 100 }

/** Networks that nobody trains. */
export const UNTRAINED: readonly Subject[] = [
  {
    name: 'convolution',
    text: `2x32x32-8c5-16c3-256-10 as a list of synapses, even weights, pixels that spike at ${DRIVE.rate} Hz for 100 ms`,
    trials: 1,
    report: [CONVOLUTION, '--until', '100'],
    network: async () => {
      const { rate, weights } = DRIVE
      const network = convolution('channel, y, x', { image: (size) => poisson(size, { rate }), maps: MAPS, weights })
      await mkdir(FOLDER, { recursive: true })
      await writeFile(CONVOLUTION, formatNetwork(network))
      return network
    },
  },
  {
    name: 'balanced',
    text: `balanced random network, ${BALANCED.neurons} neurons with ${BALANCED.inDegree} synapses each, 1000 ms`,
    trials: 1,
    report: ['balanced', '--neurons', String(BALANCED.neurons), '--in-degree', String(BALANCED.inDegree)],
    network: async () => balancedNetwork(BALANCED),
  },
]
