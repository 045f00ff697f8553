import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import { connect, dense, synapses } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }

/** A source, then layers, each joined to all of the one before. */
export function denseLayers(...sizes: readonly number[]): Network {
  return defineNetwork<Record<string, GroupSpec>>({
    groups: Object.fromEntries(sizes.map((size, k) => [`g${k}`, k === 0 ? source(size) : lif(size, neuron)])),
    projections: sizes.slice(1).map((_, k) => connect(`g${k}`, `g${k + 1}`, dense(1))),
  })
}

/** Channels of images, numbered (channel, y, x), each seen by every map of the next layer through windows of 3 x 3, stride 2. */
export function smallConvolution(): Network {
  const index = (c: number, y: number, x: number, side: number) => (c * side + y) * side + x
  const entries = [0, 1, 2, 3].flatMap((map) =>
    squares(8).flatMap(([y, x]) =>
      [0, 1].flatMap((c) =>
        squares(3)
          .map(([i, j]) => [2 * y + i, 2 * x + j] as const)
          .filter(([v, u]) => v < 16 && u < 16)
          .map(([v, u]) => ({ source: index(c, v, u, 16), target: index(map, y, x, 8), weight: 1 })),
      ),
    ),
  )
  return defineNetwork({
    groups: { image: source(512), maps: lif(256, neuron), output: lif(10, neuron) },
    projections: [connect('image', 'maps', synapses(entries)), connect('maps', 'output', dense(1))],
  })
}

/** A lattice of columns x rows blocks that exchange spikes with their neighbours, hidden by a fixed shuffle. */
export function hiddenLattice(columns: number, rows: number): Network {
  const count = columns * rows
  // Multiplying by a number without a common divisor is a shuffle.
  const hidden = (x: number, y: number) => (((y * columns + x) * 7 + 3) % count) * 32
  const entries = squares(columns, rows).flatMap(([y, x]) =>
    [
      [x + 1, y],
      [x, y + 1],
    ]
      .filter(([u, v]) => (u as number) < columns && (v as number) < rows)
      .flatMap(([u, v]) => {
        const [a, b] = [hidden(x, y), hidden(u as number, v as number)]
        return [
          { source: a, target: b, weight: 1, delay: 1 },
          { source: b, target: a, weight: 1, delay: 1 },
        ]
      }),
  )
  return defineNetwork({
    groups: { lattice: lif(32 * count, neuron) },
    projections: [connect('lattice', 'lattice', synapses(entries))],
  })
}

function squares(columns: number, rows = columns): readonly (readonly [y: number, x: number])[] {
  return Array.from({ length: columns * rows }, (_, k) => [Math.floor(k / columns), k % columns] as const)
}
