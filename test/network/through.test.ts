import { describe, expect, test } from 'vitest'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense, operator } from '../../src/network/description/projections.js'
import { formatNetwork } from '../../src/network/file/format-network.js'
import { parseNetwork } from '../../src/network/file/parse-network.js'
import { structureHash } from '../../src/network/file/structure-hash.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { withValues } from '../../src/network/instance/with-values.js'
import { lif } from '../../src/network/models/lif.js'
import { moduleReferences } from '../../src/network/modules/module-references.js'

const LEAKY = { tauMem: 10, tauSyn: 5, threshold: 1 }
const LOSSY = operator(new URL('file:///nets/lossy.js'), { loss: 0.25, ways: [1, 2] })
const AXON = operator('file:///nets/axon.js', {}, { export: 'createAxon', name: 'cells/axon.js' })

const networkWith = (through?: readonly never[] | readonly (typeof LOSSY)[]) =>
  defineNetwork({
    groups: { input: source(2), out: lif(3, LEAKY) },
    projections: [connect('input', 'out', dense(1), through === undefined ? {} : { through })],
  })

const fileWith = (through: unknown) =>
  JSON.stringify({
    ...{ format: 'antidrome-network', version: 1 },
    groups: [
      { name: 'input', kind: 'source', size: 2 },
      { name: 'out', kind: 'lif', size: 3, ...LEAKY },
    ],
    projections: [{ source: 'input', target: 'out', weights: 1, through }],
  })

describe('operators of a projection', () => {
  const network = networkWith([LOSSY, AXON])

  test('stand in it in their order', () => {
    expect(network.projections[0]?.through).toEqual([
      {
        ...{ module: 'file:///nets/lossy.js', name: 'lossy.js', export: 'createOperator' },
        options: { loss: 0.25, ways: [1, 2] },
      },
      { module: 'file:///nets/axon.js', name: 'cells/axon.js', export: 'createAxon', options: {} },
    ])
    expect(moduleReferences(network)).toEqual(network.projections[0]?.through)
    expect(networkWith([]).projections[0]).not.toHaveProperty('through')
  })

  test('come back from a network file, and from one with what was learned', () => {
    const modules = 'file:///elsewhere/'
    expect(parseNetwork(formatNetwork(network), undefined, { modules })).toEqual(network)
    expect(withValues(network, instantiate(network, 1)).projections[0]?.through).toEqual([LOSSY, AXON])
  })

  test('are part of the structure, wherever their modules lie', () => {
    const hash = structureHash(network)
    const moved = [{ ...LOSSY, module: 'file:///other/lossy.js' }, AXON]
    expect(structureHash(networkWith(moved))).toBe(hash)
    const others = [
      [],
      [AXON, LOSSY],
      [LOSSY],
      [{ ...LOSSY, options: { loss: 0.5, ways: [1, 2] } }, AXON],
      [LOSSY, { ...AXON, export: 'createOperator' }],
      [LOSSY, { ...AXON, name: 'axon.js' }],
    ]
    expect(new Set([hash, ...others.map((through) => structureHash(networkWith(through)))]).size).toBe(7)
  })

  test.each([
    ['projections[0].through', {}, 'FIELD_TYPE'],
    ['projections[0].through[0]', [3], 'FIELD_TYPE'],
    ['projections[0].through[0].path', [{ module: 'file:///a.js', path: 1 }], 'FIELD_UNKNOWN'],
    ['projections[0].through[1].module', [LOSSY, {}], 'FIELD_MISSING'],
    ['projections[0].through[0].module', [{ module: 'https://a.example/b.js' }], 'MODULE_URL'],
    ['projections[0].through[0].name', [{ module: 'file:///a.js', name: '../a.js' }], 'MODULE_NAME'],
    ['projections[0].through[0].export', [{ module: 'file:///a.js', export: 3 }], 'FIELD_TYPE'],
    ['projections[0].through[0].options.a', [{ module: 'file:///a.js', options: { a: () => 1 } }], 'MODULE_OPTIONS'],
  ])('are refused by their place: %s', (field, through, code) => {
    expect(() => networkWith(through as never)).toThrow(
      expect.objectContaining({ code, mistake: expect.objectContaining({ field }) }),
    )
  })
})

describe('a network file that names modules', () => {
  const text = fileWith([{ module: './lossy.js', options: { loss: 0.25 } }])

  test('is refused unless that is allowed, and says why', () => {
    expect(() => parseNetwork(text, 'nets/a.json')).toThrow(
      expect.objectContaining({
        code: 'MODULES_FORBIDDEN',
        mistake: expect.objectContaining({
          ...{ file: 'nets/a.json', field: 'projections[0].through[0].module' },
          ...{ found: expect.stringContaining('./lossy.js'), remedy: expect.stringContaining('{ modules: URL }') },
        }),
      }),
    )
    expect(parseNetwork(fileWith([]))).toEqual(networkWith())
  })

  test('has its paths resolved against itself', () => {
    const { projections } = parseNetwork(text, 'a.json', { modules: new URL('file:///home/ada/nets/a.json') })
    expect(projections[0]?.through).toMatchObject([{ module: 'file:///home/ada/nets/lossy.js', name: 'lossy.js' }])
  })

  test.each(['https://a.example/', 'nets/', 3])('whose place is none is refused: %j', (modules) => {
    expect(() => parseNetwork(text, undefined, { modules: modules as never })).toThrow(/modules/)
  })
})
