import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal } from '../../../src/network/description/initializers.js'
import type { Network } from '../../../src/network/description/network.js'
import { connect, dense, perSource, perSynapse, synapses } from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'
import { anyNetwork } from '../arbitrary-network.js'

const neuron = { tauMem: 20, tauSyn: 5, threshold: 1 }
const groups = { a: source(2), b: lif(2, neuron) }
const joined = (...options: Parameters<typeof connect>[]) => {
  const projections = options.map((parameters) => connect(...parameters)) as never
  return structureHash(defineNetwork({ groups, projections }))
}

/** What the hash speaks of, in full. */
function structure({ groups, projections }: Network): unknown {
  return [
    groups.map((group) => [group.name, group.kind, group.size, group.kind === 'source' ? group.emission : null]),
    projections.map(({ key, source, target, connectivity, delays }) => [
      key,
      source,
      target,
      connectivity,
      delays.kind,
    ]),
  ]
}

describe('the structure hash', () => {
  it('is equal exactly if the structure is', () => {
    fc.assert(
      fc.property(anyNetwork, anyNetwork, (a, b) => {
        const alike = JSON.stringify(structure(a)) === JSON.stringify(structure(b))
        expect(structureHash(a) === structureHash(b)).toBe(alike)
      }),
      { numRuns: 200 },
    )
  })

  it('survives a file', () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        expect(structureHash(parseNetwork(formatNetwork(network)))).toBe(structureHash(network))
      }),
      { numRuns: 40 },
    )
  })

  it('does not see values', () => {
    const delay = perSource([1, 2])
    expect(joined(['a', 'b', dense(1), { delay }])).toBe(
      joined(['a', 'b', dense(normal(0, 1)), { delay: perSource(3) }]),
    )
    const other = { a: source(2), b: lif(2, { ...neuron, tauMem: [1, 2], bias: 0.5 }) }
    expect(structureHash(defineNetwork({ groups: other, projections: [] }))).toBe(joined())
  })

  it('sees every difference of structure', () => {
    const hashes = [
      joined(),
      structureHash(defineNetwork({ groups: { a: source(2), b: li(2, { tauMem: 20, tauSyn: 5 }) }, projections: [] })),
      structureHash(defineNetwork({ groups: { ...groups, b: lif(3, neuron) }, projections: [] })),
      structureHash(defineNetwork({ groups: { b: lif(2, neuron), a: source(2) }, projections: [] })),
      joined(['a', 'b', dense(1)]),
      joined(['b', 'b', dense(1)]),
      joined(['a', 'b', dense(1), { name: 'x' }]),
      joined(['a', 'b', dense(1), { delay: 0 }]),
      joined(['a', 'b', dense(1), { delay: perSource(0) }]),
      joined(['a', 'b', dense(1), { delay: perSynapse(0) }]),
      joined([
        'a',
        'b',
        dense([
          [1, null],
          [1, 1],
        ]),
      ]),
      joined([
        'a',
        'b',
        dense([
          [1, 1],
          [null, 1],
        ]),
      ]),
      joined(['a', 'b', synapses([])]),
      joined(['a', 'b', synapses([[0, 1, 1]])]),
      joined(['a', 'b', synapses([[1, 0, 1]])]),
      joined([
        'a',
        'b',
        synapses([
          [1, 0, 1],
          [0, 1, 1],
        ]),
      ]),
      joined([
        'a',
        'b',
        synapses([
          [0, 1, 1],
          [1, 0, 1],
        ]),
      ]),
    ]
    expect(new Set(hashes).size).toBe(hashes.length)
  })

  it('is this number', () => {
    expect(joined(['a', 'b', dense(1), { delay: perSynapse(0) }])).toMatchInlineSnapshot(
      `"6c5fd48d2cb27fb4901ce21a58277989"`,
    )
  })
})
