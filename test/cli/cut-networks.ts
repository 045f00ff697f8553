import { createRandomStream } from '../../src/numerics/random-stream.js'
import { networkFile } from './run-in-process.js'

const LEAKY = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** A ring of 64 neurons that hands a spike around, started by one source unit; its one projection is cut on two cores. */
export function ringFile(): object {
  const size = 64
  return networkFile(
    [
      { name: 'start', kind: 'source', size: 1 },
      { name: 'ring', kind: 'lif', size, ...LEAKY, tauSyn: 2, refractory: 3 },
    ],
    [
      { source: 'start', target: 'ring', synapses: [[0, 0, 20]] },
      {
        source: 'ring',
        target: 'ring',
        synapses: Array.from({ length: size }, (_, n) => [n, (n + 1) % size, 20, 0.5]),
      },
    ],
  )
}

export const RING_INPUT = { start: { times: [1], units: [0] } }

/** A group of 200 that excites and inhibits itself, with one delay per source unit from its input, and a readout. */
export function groupOf200(): object {
  const size = 200
  const random = createRandomStream(5, 'weights')
  let drawings = 0
  const drawn = (mean: number, spread: number) => mean + spread * (2 * random.uniform(drawings++) - 1)
  const matrix = (rows: number, columns: number, mean: number, spread: number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => drawn(mean, spread)))
  const recurrent = Array.from({ length: 8 * size }, (_, k) => [k % size, (7 * k + 13) % size, drawn(0.2, 0.5), 1.5])
  return networkFile(
    [
      { name: 'input', kind: 'source', size: 4 },
      { name: 'wide', kind: 'lif', size, ...LEAKY, tauAdapt: 40, adaptStep: 0.2 },
      { name: 'readout', kind: 'li', size: 2, tauMem: 20, tauSyn: 5 },
    ],
    [
      { source: 'input', target: 'wide', weights: matrix(size, 4, 3, 2), delays: [0.5, 1, 1.5, 2] },
      { source: 'wide', target: 'wide', synapses: recurrent },
      { source: 'wide', target: 'readout', weights: matrix(2, size, 0.1, 0.1), delays: 1 },
    ],
  )
}

export const GROUP_INPUT = { input: { times: [1, 2, 4, 9], units: [0, 1, 2, 3] } }

/** Two dense layers of 70 and 3 neurons for the input of the group of 200: every kernel can run them. */
export function denseLayers(): object {
  const random = createRandomStream(6, 'weights')
  let drawings = 0
  const matrix = (rows: number, columns: number, most: number) =>
    Array.from({ length: rows }, () => Array.from({ length: columns }, () => most * random.uniform(drawings++)))
  return networkFile(
    [
      { name: 'input', kind: 'source', size: 4 },
      { name: 'hidden', kind: 'lif', size: 70, ...LEAKY, tauAdapt: 40, adaptStep: 0.2 },
      { name: 'out', kind: 'lif', size: 3, ...LEAKY },
    ],
    [
      { source: 'input', target: 'hidden', weights: matrix(70, 4, 4), delays: [0.5, 1, 1.5, 2] },
      { source: 'hidden', target: 'out', weights: matrix(3, 70, 0.2), delays: 1 },
    ],
  )
}
