import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLoss } from '../../src/learning/loss-file.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { mistakeOf } from '../network/mistake-of.js'

const network = defineNetwork({
  groups: {
    input: source(2),
    output: lif(3, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    readout: li(4, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [],
})

const read = (fields: object) => parseLoss(JSON.stringify(fields), network)

describe('a loss file', () => {
  it('gives its numbers back to the bit', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true })
    const positive = fc.double({ noNaN: true, noDefaultInfinity: true, min: Number.MIN_VALUE })
    fc.assert(
      fc.property(fc.array(number), positive, positive, fc.nat(2), (coefficients, tau0, tau1, label) => {
        const linear = read({ kind: 'linear', group: 'output', coefficients })
        const loss = { kind: 'linear', group: 'output', coefficients: coefficients.map((c) => c + 0) }
        expect(linear).toStrictEqual({ loss, label: null })
        const first = { kind: 'firstSpike', group: 'output', tau0, alpha: tau1, tau1 }
        expect(read({ ...first, label })).toStrictEqual({ loss: first, label })
      }),
    )
  })

  it('fills in what is not said', () => {
    expect(read({ kind: 'firstSpike', group: 'output', label: 2 })).toStrictEqual({
      loss: { kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
      label: 2,
    })
    expect(read({ kind: 'spikeCount', group: 'output', label: 0 })).toStrictEqual({
      loss: { kind: 'spikeCount', group: 'output', tau: 20 },
      label: 0,
    })
    expect(read({ kind: 'vMax', group: 'readout', label: 3 })).toStrictEqual({
      loss: { kind: 'vMax', group: 'readout' },
      label: 3,
    })
  })

  it('has no label where there is one target train alone, and one where there is a list', () => {
    const train = { times: [1, 2.5], units: [2, 0] }
    const given = { kind: 'spikeTimes', group: 'output' }
    expect(read({ ...given, targets: train }).label).toBeNull()
    expect(read({ ...given, targets: train, label: 0 }).label).toBe(0)
    expect(read({ ...given, targets: [train, train], label: 1 }).label).toBe(1)
  })

  const integral = { kind: 'liIntegral', group: 'readout', label: 0 }
  const train = { times: [1, 2], units: [2, 0] }
  const wanted = { kind: 'vanRossum', group: 'output', label: 0, targets: [train, train] }
  const first = { kind: 'firstSpike', group: 'output', label: 0 }
  it.each([
    [[], 'FIELD_TYPE', '$'],
    [{ kind: 'mse' }, 'LOSS_KIND_UNKNOWN', 'kind'],
    [{}, 'LOSS_KIND_UNKNOWN', 'kind'],
    [{ module: './loss.js', group: 'output' }, 'MODULES_FORBIDDEN', 'module'],
    [{ module: './loss.js', group: 'output', tau: 3 }, 'FIELD_UNKNOWN', 'tau'],
    [{ kind: 'linear', group: 'outputs', coefficients: [] }, 'GROUP_UNKNOWN', 'group'],
    [{ kind: 'linear', group: 'input', coefficients: [] }, 'LOSS_GROUP_KIND', 'group'],
    [{ kind: 'linear', group: 'readout', coefficients: [] }, 'LOSS_GROUP_KIND', 'group'],
    [{ kind: 'linear', group: 'output' }, 'FIELD_MISSING', 'coefficients'],
    [{ kind: 'linear', group: 'output', coefficients: [1, null] }, 'FIELD_TYPE', 'coefficients[1]'],
    [{ kind: 'linear', group: 'output', coefficients: [1], label: 0 }, 'FIELD_UNKNOWN', 'label'],
    [{ ...first, group: 'readout' }, 'LOSS_GROUP_KIND', 'group'],
    [{ ...first, label: undefined }, 'FIELD_MISSING', 'label'],
    [{ ...first, label: 3 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ ...first, label: -1 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ ...first, label: 0.5 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ ...first, label: '0' }, 'FIELD_TYPE', 'label'],
    [{ ...first, tau0: 0 }, 'TIME_CONSTANT_NOT_POSITIVE', 'tau0'],
    [{ ...first, tau1: -1 }, 'TIME_CONSTANT_NOT_POSITIVE', 'tau1'],
    [{ ...first, alpha: -1 }, 'LOSS_STRENGTH_NEGATIVE', 'alpha'],
    [{ ...first, smoothing: 1 }, 'LOSS_SMOOTHING_RANGE', 'smoothing'],
    [{ ...first, smoothing: -0.1 }, 'LOSS_SMOOTHING_RANGE', 'smoothing'],
    [{ ...first, smoothing: null }, 'FIELD_TYPE', 'smoothing'],
    [{ ...first, tau: 20 }, 'FIELD_UNKNOWN', 'tau'],
    [{ kind: 'vMax', group: 'output', label: 0 }, 'LOSS_GROUP_KIND', 'group'],
    [{ kind: 'vMax', group: 'readout', label: 4 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ kind: 'spikeCount', group: 'readout', label: 0 }, 'LOSS_GROUP_KIND', 'group'],
    [{ kind: 'spikeCount', group: 'output', label: 0, tau: 0 }, 'TIME_CONSTANT_NOT_POSITIVE', 'tau'],
    [{ ...integral, group: 'output' }, 'LOSS_GROUP_KIND', 'group'],
    [{ ...integral, label: 4 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ ...integral, label: undefined }, 'FIELD_MISSING', 'label'],
    [{ ...integral, tau: 0 }, 'TIME_CONSTANT_NOT_POSITIVE', 'tau'],
    [{ ...integral, tau: null }, 'FIELD_TYPE', 'tau'],
    [{ ...integral, tau: 'Infinity' }, 'FIELD_TYPE', 'tau'],
    [{ ...integral, scale: 0 }, 'LOSS_SCALE_NOT_POSITIVE', 'scale'],
    [{ ...integral, scale: -1 }, 'LOSS_SCALE_NOT_POSITIVE', 'scale'],
    [{ ...integral, mean: 2 }, 'FIELD_TYPE', 'mean'],
    [{ ...integral, unitsPerClass: 0 }, 'LOSS_UNITS_PER_CLASS', 'unitsPerClass'],
    [{ ...integral, unitsPerClass: 1.5 }, 'LOSS_UNITS_PER_CLASS', 'unitsPerClass'],
    [{ ...integral, label: 2, unitsPerClass: 2 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ ...integral, alpha: 1 }, 'FIELD_UNKNOWN', 'alpha'],
    [{ ...wanted, group: 'readout' }, 'LOSS_GROUP_KIND', 'group'],
    [{ ...wanted, label: 2 }, 'LABEL_OUT_OF_RANGE', 'label'],
    [{ ...wanted, label: undefined }, 'FIELD_MISSING', 'label'],
    [{ ...wanted, tau: -1 }, 'TIME_CONSTANT_NOT_POSITIVE', 'tau'],
    [{ ...wanted, tau0: 1 }, 'FIELD_UNKNOWN', 'tau0'],
    [{ ...wanted, targets: undefined }, 'FIELD_MISSING', 'targets'],
    [{ ...wanted, targets: 3 }, 'FIELD_TYPE', 'targets'],
    [{ ...wanted, targets: [] }, 'SHAPE_MISMATCH', 'targets.offsets'],
    [{ ...wanted, targets: [train, 7] }, 'FIELD_TYPE', 'targets[1]'],
    [{ ...wanted, targets: [train, { times: [1] }] }, 'FIELD_MISSING', 'targets[1].units'],
    [{ ...wanted, targets: [{ ...train, weights: [] }] }, 'FIELD_UNKNOWN', 'targets[0].weights'],
    [{ ...wanted, targets: [{ ...train, units: [1] }] }, 'SHAPE_MISMATCH', 'targets[0].units'],
    [{ ...wanted, targets: { ...train, units: [0, 3] } }, 'TARGET_UNIT', 'targets.units[1]'],
    [{ ...wanted, targets: { ...train, units: [0, 0.5] } }, 'TARGET_UNIT', 'targets.units[1]'],
    [{ ...wanted, targets: { ...train, units: ['0', 1] } }, 'TARGET_UNIT', 'targets.units[0]'],
    [{ ...wanted, targets: { ...train, times: [2, 1] } }, 'TARGET_ORDER', 'targets.times[1]'],
    [{ ...wanted, targets: { ...train, times: [-1, 1] } }, 'TARGET_TIME_NEGATIVE', 'targets.times[0]'],
    [{ ...wanted, targets: { ...train, times: [1, null] } }, 'FIELD_TYPE', 'targets.times[1]'],
  ])('refuses %j', (fields, code, field) => {
    expect(mistakeOf(() => read(fields))).toEqual({ code, field })
  })

  it('refuses a coefficient too large for a double, and names the file', () => {
    const bad = () => parseLoss('{"kind": "linear", "group": "output", "coefficients": [1e999]}', network, 'loss.json')
    expect(bad).toThrow('loss.json: coefficients[0]: found Infinity, expected a finite coefficient.')
  })

  it('refuses what is not JSON', () => {
    expect(mistakeOf(() => parseLoss('{"kind": linear}', network)).code).toBe('JSON_INVALID')
  })
})
