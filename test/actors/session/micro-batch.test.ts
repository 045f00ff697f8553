import { describe, expect, test } from 'vitest'
import { microBatchOf } from '../../../src/actors/session/micro-batch.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Placement } from '../../../src/hardware/placement.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { poisson } from '../../../src/network/description/emitting-sources.js'
import { source } from '../../../src/network/description/groups.js'
import type { GroupSpec, Network } from '../../../src/network/description/network.js'
import {
  connect,
  dense,
  fixedInDegree,
  fixedProbability,
  type Pattern,
} from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'
import { lif } from '../../../src/network/models/lif.js'

const LIF = { tauMem: 20, tauSyn: 5, threshold: 1 } as const

/** As the images of MNIST have it. */
function layered(hidden: number, layers = 1): Network {
  const names = Array.from({ length: layers }, (_, k) => `hidden${k}`)
  return defineNetwork<Readonly<Record<string, GroupSpec>>>({
    groups: {
      in: source(784),
      ...Object.fromEntries(names.map((name) => [name, lif(hidden, LIF)])),
      out: li(10, { tauMem: 20, tauSyn: 5 }),
    },
    projections: [...names, 'out'].map((name, k) => connect(names[k - 1] ?? 'in', name, dense(0.1))),
  })
}

/** Every layer on a core of its own. */
function layerByLayer(network: Network): Placement {
  const slices = network.groups.map(({ name, size }) => ({ group: name, start: 0, end: size }))
  const [input, ...layers] = slices
  return definePlacement(
    network,
    layers.map((slice, k) => (k === 0 && input !== undefined ? [input, slice] : [slice])),
  )
}

const coreWorkersOf = ({ cores }: Placement) => cores.map(({ core }) => [core])

const auto = (network: Network, placement: Placement, coreWorkers = coreWorkersOf(placement)) =>
  microBatchOf({ network, placement, coreWorkers }, { kernel: 'simd', microBatch: 'auto' })

describe('by themselves, trials go through in parts', () => {
  test('of whole chunks, where layers would wait for each other', () => {
    const deep = layered(256, 3)
    // Of 971 us a trial the first layer takes 491: five parts take least.
    expect(auto(deep, layerByLayer(deep))(128)).toBe(32)
    expect(auto(deep, layerByLayer(deep))(24)).toBe(8)
    expect(auto(deep, layerByLayer(deep))(8)).toBeUndefined()
  })

  test('where a readout is waited for that lies on one core, if it is worth it', () => {
    const images = layered(350)
    expect(auto(images, placeOnCores(images, 2))(128)).toBe(64)
    const small = layered(32)
    expect(auto(small, placeOnCores(small, 2))(32)).toBeUndefined()
  })

  test('not where all layers are on one core worker', () => {
    const deep = layered(256, 3)
    const placement = layerByLayer(deep)
    const cores = placement.cores.map(({ core }) => core)
    expect(auto(deep, placement, [cores])(128)).toBeUndefined()
    expect(auto(deep, placement, [cores.slice(0, 2), cores.slice(2)])(128)).toBe(48)
  })
})

describe('asked for', () => {
  const asked = (network: Network, microBatch: number, kernel: 'simd' | 'reference' = 'simd') =>
    microBatchOf({ network, placement: placeOnCores(network, 2), coreWorkers: [[0, 1]] }, { kernel, microBatch })

  test('they are of about so many trials: whole chunks, and no more parts than there may be', () => {
    const network = layered(40)
    expect([1, 8, 9, 64, 100].map((microBatch) => asked(network, microBatch)(64))).toEqual([
      8,
      8,
      16,
      undefined,
      undefined,
    ])
    expect(asked(network, 8)(128)).toBe(16)
    expect(asked(network, Number.POSITIVE_INFINITY)(128)).toBeUndefined()
  })

  const ring = defineNetwork({
    groups: { in: source(2), a: lif(40, LIF) },
    projections: [connect('in', 'a', dense(1)), connect('a', 'a', dense(0.1), { delay: 1 })],
  })
  const driven = defineNetwork({
    groups: { in: poisson(2, { rate: 10 }), a: lif(40, LIF) },
    projections: [connect('in', 'a', dense(1))],
  })
  const byRule = (rule: Pattern) =>
    defineNetwork({ groups: { in: source(20), a: lif(40, LIF) }, projections: [connect('in', 'a', rule)] })

  test.each([
    ['around a cycle', ring],
    ['with a source that emits by itself', driven],
    ['on the window kernel', byRule(fixedInDegree(300, 1, { multiple: true }))],
  ])('all go at once %s', (_, network) => {
    expect(asked(network, 8)(64)).toBeUndefined()
  })

  test('small sparse groups take them as others do', () => {
    expect(asked(byRule(fixedProbability(0.5, 1)), 8)(64)).toBe(8)
  })

  test('all go at once on the reference kernel', () => {
    expect(asked(layered(40), 8, 'reference')(64)).toBeUndefined()
  })
})
