import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InputError } from '../../../src/events/errors.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { normal, uniform } from '../../../src/network/description/initializers.js'
import { connect, dense, perSource, synapses } from '../../../src/network/description/projections.js'
import { formatNetwork } from '../../../src/network/file/format-network.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { lif } from '../../../src/network/models/lif.js'
import { anyNetwork } from '../arbitrary-network.js'
import { mistakeOf } from '../mistake-of.js'

describe('a network file', () => {
  it('gives the network back that was written, to the bit', () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        expect(parseNetwork(formatNetwork(network))).toStrictEqual(network)
      }),
      { numRuns: 200 },
    )
  })

  it('is the same text when written again', () => {
    fc.assert(
      fc.property(anyNetwork, (network) => {
        const text = formatNetwork(network)
        expect(formatNetwork(parseNetwork(text))).toBe(text)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps the doubles that are hard to print', () => {
    const hard = [0.1 + 0.2, 5e-324, 2 ** -1022, 1.7976931348623157e308, 2 ** 53 + 2, 1 / 3, 1e21, 1e-7, -0]
    const network = defineNetwork({
      groups: { a: source(hard.length), b: lif(1, { tauMem: 20, tauSyn: 5, threshold: 1 }) },
      projections: [connect('a', 'b', dense([hard]))],
    })
    const read = parseNetwork(formatNetwork(network)).projections[0]?.weights as number[]
    expect(read.map((value) => Object.is(value, 0) || value)).toEqual([...hard.slice(0, -1), true])
  })

  it('reads the example of the format', () => {
    const text = `{ "format": "antidrome-network", "version": 1,
      "groups": [ { "name": "input", "kind": "source", "size": 2 },
                  { "name": "out", "kind": "lif", "size": 1, "tauMem": 20, "tauSyn": 5, "threshold": 1, "tauAdapt": 40, "adaptStep": 0.3, "refractory": 0, "bias": 0, "vReset": 0 },
                  { "name": "readout", "kind": "li", "size": 1, "tauMem": 20, "tauSyn": 5, "bias": 0 } ],
      "projections": [ { "source": "input", "target": "out", "weights": [[3.0, 3.5]], "delays": [[1.0, 0.5]] } ] }`
    expect(parseNetwork(text)).toStrictEqual({
      groups: [
        { name: 'input', kind: 'source', size: 2 },
        {
          name: 'out',
          kind: 'lif',
          size: 1,
          tauMem: 20,
          tauSyn: 5,
          threshold: 1,
          tauAdapt: 40,
          adaptStep: 0.3,
          refractory: 0,
          bias: 0,
          vReset: 0,
        },
        { name: 'readout', kind: 'li', size: 1, tauMem: 20, tauSyn: 5, bias: 0 },
      ],
      projections: [
        {
          source: 'input',
          target: 'out',
          key: 'input->out',
          connectivity: { kind: 'dense', absent: [] },
          weights: [3, 3.5],
          delays: { kind: 'perSynapse', values: [1, 0.5] },
        },
      ],
    })
  })

  it('is this text', () => {
    const network = defineNetwork({
      groups: { in: source(2), out: lif(2, { tauMem: 20, tauSyn: [5, 6], threshold: normal(1, 0.1) }) },
      projections: [
        connect(
          'in',
          'out',
          dense([
            [1, null],
            [-0, 0.5],
          ]),
          { delay: perSource(uniform(0, 5)) },
        ),
        connect('out', 'out', dense(0.5), { delay: 1, name: 'back' }),
        connect('in', 'out', synapses([[0, 1, 2], { source: 1, target: 0, weight: 3, delay: 4 }])),
      ],
    })
    expect(formatNetwork(network)).toBe(`{
  "format": "antidrome-network",
  "version": 1,
  "groups": [
    {"name":"in","kind":"source","size":2},
    {"name":"out","kind":"lif","size":2,"tauMem":20,"threshold":{"distribution":"normal","mean":1,"std":0.1},"vReset":0,"bias":0,"refractory":0,"tauAdapt":100,"adaptStep":0,"tauSyn":[5,6]}
  ],
  "projections": [
    {
      "source": "in",
      "target": "out",
      "weights": [
        [1,null],
        [0,0.5]
      ],
      "delays": {"distribution":"uniform","low":0,"high":5,"per":"source"}
    },
    {
      "source": "out",
      "target": "out",
      "name": "back",
      "weights": 0.5,
      "delays": 1
    },
    {
      "source": "in",
      "target": "out",
      "synapses": [
        [0,1,2,0],
        [1,0,3,4]
      ]
    }
  ]
}
`)
  })
})

describe('a planted mistake in a network file', () => {
  const valid = () => ({
    format: 'antidrome-network',
    version: 1,
    groups: [
      { name: 'input', kind: 'source', size: 2 },
      { name: 'out', kind: 'lif', size: 1, tauMem: 20, tauSyn: 5, threshold: 1 },
      { name: 'readout', kind: 'li', size: 1, tauMem: 20, tauSyn: 5 },
    ] as Record<string, unknown>[],
    projections: [{ source: 'input', target: 'out', weights: [[3, 3.5]], delays: [[1, 0.5]] }] as Record<
      string,
      unknown
    >[],
  })
  type File = ReturnType<typeof valid>
  const read = (change: (file: File) => unknown) =>
    mistakeOf(() => {
      const file = valid()
      const changed = change(file)
      parseNetwork(JSON.stringify(changed === undefined ? file : changed))
    })
  const group = (index: number, fields: object) => (file: File) => void Object.assign(file.groups[index]!, fields)
  const projection = (fields: object) => (file: File) => void Object.assign(file.projections[0]!, fields)
  const IN_DEGREE = { rule: 'fixedInDegree', inDegree: 1 }
  const ruled = (connect: object, fields: object = {}) =>
    projection({ weights: 1, delays: undefined, connect, ...fields })
  const sparse = (fields: object) => projection({ weights: undefined, delays: undefined, ...fields })

  it('is the only mistake', () => {
    expect(parseNetwork(JSON.stringify(valid())).groups).toHaveLength(3)
  })

  it.each<[string, (file: File) => unknown, string, string]>([
    ['no object', () => [], 'FIELD_TYPE', '$'],
    ['format', (f) => ({ ...f, format: 'nir' }), 'NETWORK_FORMAT', 'format'],
    ['version', (f) => ({ ...f, version: 2 }), 'NETWORK_VERSION', 'version'],
    ['no groups', (f) => ({ ...f, groups: undefined }), 'FIELD_MISSING', 'groups'],
    ['no projections', (f) => ({ ...f, projections: undefined }), 'FIELD_MISSING', 'projections'],
    ['more fields', (f) => ({ ...f, layers: [] }), 'FIELD_UNKNOWN', 'layers'],
    ['group no object', (f) => void f.groups.push(null as never), 'FIELD_TYPE', 'groups[3]'],
    ['group twice', group(2, { name: 'out' }), 'NAME_DUPLICATE', 'groups[2].name'],
    ['group without name', group(0, { name: undefined }), 'NAME_INVALID', 'groups[0].name'],
    ['group name', group(0, { name: 'a b' }), 'NAME_INVALID', 'groups[0].name'],
    ['kind', group(0, { kind: 'izhikevich' }), 'GROUP_KIND_UNKNOWN', 'groups[0].kind'],
    ['size', group(0, { size: '2' }), 'GROUP_SIZE_INVALID', 'groups[0].size'],
    ['source field', group(0, { tauMem: 1 }), 'FIELD_UNKNOWN', 'groups[0].tauMem'],
    ['li field', group(2, { threshold: 1 }), 'FIELD_UNKNOWN', 'groups[2].threshold'],
    ['lif field', group(1, { tau: 1 }), 'FIELD_UNKNOWN', 'groups[1].tau'],
    ['threshold missing', group(1, { threshold: undefined }), 'FIELD_MISSING', 'groups[1].threshold'],
    ['tauSyn missing', group(1, { tauSyn: undefined }), 'FIELD_MISSING', 'groups[1].tauSyn'],
    ['tauSynInh missing', group(1, { tauSyn: undefined, tauSynExc: 5 }), 'FIELD_MISSING', 'groups[1].tauSynInh'],
    ['tauSyn twice', group(1, { tauSynInh: 5 }), 'TAU_SYN_AMBIGUOUS', 'groups[1].tauSyn'],
    ['tau', group(2, { tauMem: [-20] }), 'TIME_CONSTANT_NOT_POSITIVE', 'groups[2].tauMem[0]'],
    ['null', group(1, { bias: null }), 'FIELD_TYPE', 'groups[1].bias'],
    ['reset', group(1, { vReset: 1.5 }), 'RESET_NOT_BELOW_THRESHOLD', 'groups[1].vReset'],
    [
      'distribution field',
      group(1, { bias: { distribution: 'normal', mean: 0, std: 1, low: 0 } }),
      'FIELD_UNKNOWN',
      'groups[1].bias.low',
    ],
    ['unknown source', projection({ source: 'inputs' }), 'GROUP_UNKNOWN', 'projections[0].source'],
    ['unknown target', projection({ target: undefined }), 'GROUP_UNKNOWN', 'projections[0].target'],
    ['target a source', projection({ target: 'input' }), 'TARGET_IS_SOURCE', 'projections[0].target'],
    ['source an li', projection({ source: 'readout' }), 'SOURCE_NEVER_SPIKES', 'projections[0].source'],
    ['projection field', projection({ delay: 1 }), 'FIELD_UNKNOWN', 'projections[0].delay'],
    ['weights shape', projection({ weights: [[3], [4]] }), 'SHAPE_MISMATCH', 'projections[0].weights'],
    ['weights row', projection({ weights: [[3, 4, 5]] }), 'SHAPE_MISMATCH', 'projections[0].weights[0]'],
    ['weight text', projection({ weights: [[3, '4']] }), 'FIELD_TYPE', 'projections[0].weights[0][1]'],
    ['no weights', projection({ weights: undefined }), 'FIELD_MISSING', 'projections[0].weights'],
    ['weights twice', projection({ synapses: [] }), 'CONNECTIVITY_AMBIGUOUS', 'projections[0].weights'],
    ['rule', ruled({ rule: 'ring' }), 'RULE_UNKNOWN', 'projections[0].connect.rule'],
    ['rule list', ruled([]), 'FIELD_TYPE', 'projections[0].connect'],
    ['rule degree missing', ruled({ rule: 'fixedInDegree' }), 'FIELD_MISSING', 'projections[0].connect.inDegree'],
    ['rule degree', ruled({ rule: 'fixedOutDegree', outDegree: 0 }), 'RULE_DEGREE', 'projections[0].connect.outDegree'],
    ['rule sources', ruled({ rule: 'fixedInDegree', inDegree: 3 }), 'RULE_DEGREE', 'projections[0].connect.inDegree'],
    ['rule flag', ruled({ ...IN_DEGREE, multiple: 1 }), 'FIELD_TYPE', 'projections[0].connect.multiple'],
    ['rule field', ruled({ ...IN_DEGREE, degree: 1 }), 'FIELD_UNKNOWN', 'projections[0].connect.degree'],
    [
      'chance',
      ruled({ rule: 'fixedProbability', probability: 0 }),
      'RULE_PROBABILITY',
      'projections[0].connect.probability',
    ],
    ['rule sizes', ruled({ rule: 'oneToOne' }), 'RULE_SIZES', 'projections[0].connect.rule'],
    ['rule weights', ruled(IN_DEGREE, { weights: [[3, 4]] }), 'FIELD_TYPE', 'projections[0].weights'],
    ['no rule weights', ruled(IN_DEGREE, { weights: undefined }), 'FIELD_MISSING', 'projections[0].weights'],
    ['rule delays', ruled(IN_DEGREE, { delays: [[1, 2]] }), 'FIELD_TYPE', 'projections[0].delays'],
    ['rule beside a list', ruled(IN_DEGREE, { synapses: [] }), 'CONNECTIVITY_AMBIGUOUS', 'projections[0].connect'],
    ['delay', projection({ delays: [[1, -0.5]] }), 'DELAY_NEGATIVE', 'projections[0].delays[0][1]'],
    ['delay missing', projection({ delays: [[1, null]] }), 'FIELD_TYPE', 'projections[0].delays[0][1]'],
    ['delay shape', projection({ delays: [[1]] }), 'SHAPE_MISMATCH', 'projections[0].delays[0]'],
    ['delays per source', projection({ delays: [1] }), 'SHAPE_MISMATCH', 'projections[0].delays'],
    ['delays null', projection({ delays: null }), 'FIELD_TYPE', 'projections[0].delays'],
    [
      'delays per',
      projection({ delays: { distribution: 'constant', value: 1, per: 'target' } }),
      'DELAYS_PER_UNKNOWN',
      'projections[0].delays.per',
    ],
    ['synapse', sparse({ synapses: [[0, 1, 1]] }), 'UNIT_OUT_OF_RANGE', 'projections[0].synapses[0][1]'],
    [
      'synapse delays twice',
      sparse({ synapses: [[0, 0, 1, 1]], delays: 1 }),
      'DELAYS_AMBIGUOUS',
      'projections[0].delays',
    ],
    [
      'synapse delays nested',
      sparse({ synapses: [[0, 0, 1]], delays: [[1, 2]] }),
      'FIELD_TYPE',
      'projections[0].delays[0]',
    ],
    [
      'name twice',
      (f) =>
        void f.projections.push(
          { ...f.projections[0] },
          { ...f.projections[0], name: 'x' },
          { ...f.projections[0], name: 'x' },
        ),
      'NAME_DUPLICATE',
      'projections[3].name',
    ],
    ['name', projection({ name: 7 }), 'NAME_INVALID', 'projections[0].name'],
  ])('is found: %s', (_, change, code, field) => {
    expect(read(change)).toEqual({ code, field })
  })

  it.each([
    ['{"version": 1', 'JSON_INVALID', 'line 1, column 14'],
    ['{\n "version": NaN}', 'JSON_INVALID', 'line 2, column 13'],
    ['{"groups": [],\n "groups": []}', 'JSON_DUPLICATE_KEY', 'line 2, column 2'],
  ])('is found in the text %j', (text, code, field) => {
    expect(mistakeOf(() => parseNetwork(text))).toEqual({ code, field })
  })

  it('is found in a number too large for a double', () => {
    const text = JSON.stringify(valid()).replace('3.5', '1e999')
    expect(mistakeOf(() => parseNetwork(text))).toEqual({
      code: 'NUMBER_NOT_FINITE',
      field: 'projections[0].weights[0][1]',
    })
  })

  it('is told with the name of the file', () => {
    const bad = () => parseNetwork('{"format": "nir"}', 'net.json')
    expect(bad).toThrow(InputError)
    expect(bad).toThrow('net.json: format: found "nir", expected "antidrome-network".')
  })
})
