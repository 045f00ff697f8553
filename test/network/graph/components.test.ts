import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { components } from '../../../src/network/graph/components.js'
import { findCycle } from '../../../src/network/graph/find-cycle.js'
import { lif } from '../../../src/network/models/lif.js'

interface Graph {
  readonly names: readonly string[]
  readonly edges: readonly { readonly source: string; readonly target: string }[]
}

const anyGraph: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 9 }).chain((size) => {
  const names = Array.from({ length: size }, (_, index) => `g${index}`)
  const name = fc.constantFrom(...names)
  return fc.record({
    names: fc.constant(names),
    edges: fc.array(fc.record({ source: name, target: name }), { maxLength: 14 }),
  })
})

function networkOf({ names, edges }: Graph) {
  const group = lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 })
  return defineNetwork<Record<string, typeof group>>({
    groups: Object.fromEntries(names.map((name) => [name, group])),
    projections: edges.map(({ source, target }) => connect(source, target, dense(1))),
  })
}

/** Pairs `a b` such that b can be reached from a over at least one edge, by squaring until nothing is new. */
function reachable({ names, edges }: Graph): Set<string> {
  const pairs = new Set(edges.map(({ source, target }) => `${source} ${target}`))
  for (const via of names) {
    for (const a of names) {
      for (const b of names) if (pairs.has(`${a} ${via}`) && pairs.has(`${via} ${b}`)) pairs.add(`${a} ${b}`)
    }
  }
  return pairs
}

describe('components', () => {
  it('join exactly the groups that reach each other', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const reach = reachable(graph)
        const found = components(networkOf(graph))
        expect(found.flatMap(({ groups }) => groups).sort()).toEqual([...graph.names].sort())
        for (const { groups, cyclic } of found) {
          for (const name of groups) {
            const mates = graph.names.filter(
              (n) => n === name || (reach.has(`${name} ${n}`) && reach.has(`${n} ${name}`)),
            )
            expect(groups).toEqual(mates)
            expect(cyclic).toBe(reach.has(`${name} ${name}`))
          }
        }
      }),
    )
  })

  it('come in topological order', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const place = new Map(components(networkOf(graph)).flatMap(({ groups }, k) => groups.map((name) => [name, k])))
        for (const { source, target } of graph.edges) {
          expect(place.get(source)).toBeLessThanOrEqual(place.get(target) as number)
        }
      }),
    )
  })

  it('do not run out of stack on a long chain', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `g${index}`)
    const edges = names.slice(1).map((target, index) => ({ source: names[index] as string, target }))
    const found = components(networkOf({ names, edges }))
    expect(found.map(({ groups }) => groups[0])).toEqual(names)
  })

  it('are these', () => {
    const edges = ['ab', 'bc', 'cb', 'cd', 'dd'].map(([source, target]) => ({ source: source!, target: target! }))
    expect(components(networkOf({ names: ['d', 'a', 'c', 'b'], edges }))).toEqual([
      { groups: ['a'], cyclic: false },
      { groups: ['c', 'b'], cyclic: true },
      { groups: ['d'], cyclic: true },
    ])
  })
})

describe('a cycle', () => {
  it('is found exactly if a group reaches itself, and leads over edges', () => {
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const reach = reachable(graph)
        const cycle = findCycle(graph.names, graph.edges)
        expect(cycle !== null).toBe(graph.names.some((name) => reach.has(`${name} ${name}`)))
        if (cycle === null) return
        const edges = new Set(graph.edges.map(({ source, target }) => `${source} ${target}`))
        cycle.forEach((name, index) => {
          expect(edges).toContain(`${name} ${cycle[(index + 1) % cycle.length]}`)
        })
        expect(new Set(cycle).size).toBe(cycle.length)
      }),
    )
  })
})
