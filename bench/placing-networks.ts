import {
  connect,
  defineNetwork,
  dense,
  fixedInDegree,
  type GroupSpec,
  lif,
  type Network,
  type Synapse,
  source,
  synapses,
} from '../dist/index.js'
import { createRandomStream } from '../dist/numerics/random-stream.js'
import { permutation } from '../dist/numerics/shuffle.js'
import { SEED } from './measure/count-spikes.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** How the units of an image are numbered. */
export type ImageOrder = 'channel, y, x' | 'y, x, channel'

interface Image {
  readonly channels: number
  readonly side: number
}

interface Windows {
  readonly size: number
  readonly stride: number
  readonly weight: number
}

const LARGE: Convolution = { image: source, maps: [16, 32], weights: [1, 1, 1, 1] }

/** Another convolution: fewer maps, driven, with weights. */
export interface Convolution {
  readonly image: (size: number) => GroupSpec
  readonly maps: readonly [first: number, second: number]
  /** Of every synapse of a projection. */
  readonly weights: readonly [first: number, second: number, hidden: number, output: number]
}

/**
 * 2 x 32 x 32 to 16 maps of 16 x 16, to 32 of 8 x 8, to 256, to 10. Windows of 5 x 5, then 3 x 3, stride 2, with "same"
 * padding: the smaller half of it first.
 */
export function convolution(order: ImageOrder, { image: drawn, maps, weights }: Convolution = LARGE): Network {
  const [intoFirst, intoSecond, intoHidden, intoOutput] = weights
  const [image, first, second]: readonly [Image, Image, Image] = [
    { channels: 2, side: 32 },
    { channels: maps[0], side: 16 },
    { channels: maps[1], side: 8 },
  ]
  const size = ({ channels, side }: Image) => channels * side * side
  return defineNetwork({
    groups: {
      image: drawn(size(image)),
      first: lif(size(first), NEURON),
      second: lif(size(second), NEURON),
      hidden: lif(256, NEURON),
      output: lif(10, NEURON),
    },
    projections: [
      connect(
        'image',
        'first',
        synapses(windowSynapses(image, first, { size: 5, stride: 2, weight: intoFirst }, order)),
      ),
      connect(
        'first',
        'second',
        synapses(windowSynapses(first, second, { size: 3, stride: 2, weight: intoSecond }, order)),
      ),
      connect('second', 'hidden', dense(intoHidden)),
      connect('hidden', 'output', dense(intoOutput)),
    ],
  })
}

function windowSynapses(from: Image, to: Image, windows: Windows, order: ImageOrder): readonly Synapse[] {
  const { size, stride, weight } = windows
  const index = ({ channels, side }: Image, c: number, y: number, x: number) =>
    order === 'channel, y, x' ? (c * side + y) * side + x : (y * side + x) * channels + c
  const padding = Math.floor(((to.side - 1) * stride + size - from.side) / 2)
  const found: Synapse[] = []
  for (const [map, y, x] of placesOf(to)) {
    for (const [c, i, j] of placesOf({ channels: from.channels, side: size })) {
      const [v, u] = [y * stride + i - padding, x * stride + j - padding]
      if (v < 0 || u < 0 || v >= from.side || u >= from.side) continue
      found.push({ source: index(from, c, v, u), target: index(to, map, y, x), weight })
    }
  }
  return found
}

function* placesOf({ channels, side }: Image): Generator<readonly [channel: number, y: number, x: number]> {
  for (let c = 0; c < channels; c++) for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) yield [c, y, x]
}

/** A source, then layers, each joined to all of the one before. */
export function denseLayers(...sizes: readonly number[]): Network {
  return defineNetwork<Record<string, GroupSpec>>({
    groups: Object.fromEntries(sizes.map((size, k) => [`g${k}`, k === 0 ? source(size) : lif(size, NEURON)])),
    projections: sizes.slice(1).map((_, k) => connect(`g${k}`, `g${k + 1}`, dense(1))),
  })
}

/** Neurons side x side that listen to their four neighbours, each synapse with a chance of `far` to anybody instead. */
export function sheet(side: number, far: number): Network {
  return recurrent(side * side, 4, far, (neuron, k) => {
    const [x, y] = neighbourOf(neuron % side, Math.floor(neuron / side), k)
    return x < 0 || y < 0 || x >= side || y >= side ? null : y * side + x
  })
}

/** Neurons on a ring that listen to those within 50 of them, each synapse with a chance of `far` to anybody instead. */
export function ring(neurons: number, far: number): Network {
  return recurrent(neurons, 100, far, (neuron, k) => (neuron + neurons + (k < 50 ? k - 50 : k - 49)) % neurons)
}

export function randomRecurrent(neurons: number, inDegree: number): Network {
  return defineNetwork({
    groups: { neurons: lif(neurons, NEURON) },
    projections: [connect('neurons', 'neurons', fixedInDegree(inDegree, 1), { delay: 1 })],
  })
}

/** side x side blocks of 32 neurons, of which one exchanges spikes with the blocks around, in a random order. */
export function hiddenLattice(side: number): Network {
  const hidden = permutation(createRandomStream(SEED, 'lattice'), side * side)
  const unitOf = (x: number, y: number) => 32 * (hidden[y * side + x] as number)
  const found: Synapse[] = []
  for (const [, y, x] of placesOf({ channels: 1, side })) {
    for (let k = 0; k < 4; k++) {
      const [u, v] = neighbourOf(x, y, k)
      if (u < 0 || v < 0 || u >= side || v >= side) continue
      found.push({ source: unitOf(u, v), target: unitOf(x, y), weight: 1 })
    }
  }
  return ofSynapses(32 * side * side, found)
}

function neighbourOf(x: number, y: number, k: number): readonly [x: number, y: number] {
  return [x + ([1, -1, 0, 0][k] ?? 0), y + ([0, 0, 1, -1][k] ?? 0)]
}

function recurrent(
  neurons: number,
  inDegree: number,
  far: number,
  near: (neuron: number, k: number) => number | null,
): Network {
  const random = createRandomStream(SEED, 'far synapses')
  const found: Synapse[] = []
  for (let neuron = 0; neuron < neurons; neuron++) {
    for (let k = 0; k < inDegree; k++) {
      const draw = 2 * (neuron * inDegree + k)
      const unit = random.uniform(draw) < far ? random.integer(draw + 1, neurons) : near(neuron, k)
      if (unit !== null) found.push({ source: unit, target: neuron, weight: 1 })
    }
  }
  return ofSynapses(neurons, found)
}

function ofSynapses(neurons: number, found: readonly Synapse[]): Network {
  return defineNetwork({
    groups: { neurons: lif(neurons, NEURON) },
    projections: [connect('neurons', 'neurons', synapses(found), { delay: 1 })],
  })
}
