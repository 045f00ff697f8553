import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { perHiddenLayer } from '../../../src/data/layered/hidden-layers.js'
import { layeredNetwork, RECURRENT_DELAY } from '../../../src/data/layered/layered-network.js'
import { PROJECTION_ROLES } from '../../../src/data/layered/layered-options.js'
import { yinYang, yinYangNetwork, yinYangSettings } from '../../../src/data/yin-yang.js'

const options = fc.record({
  hidden: fc.oneof(
    fc.integer({ min: 1, max: 9 }),
    fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  ),
  recurrent: fc.boolean(),
  learnDelays: fc.boolean(),
  delays: fc
    .subarray([...PROJECTION_ROLES])
    .map((roles) => Object.fromEntries(roles.map((role) => [role, { low: 1, high: 2 }]))),
})

describe('layeredNetwork', () => {
  it('joins the layers in order, recurrent ones to themselves, with delays where they are asked for', () => {
    fc.assert(
      fc.property(options, (given) => {
        const network = layeredNetwork({ inputs: 3, outputs: 2 }, yinYangSettings(given))
        const sizes = typeof given.hidden === 'number' ? [given.hidden] : given.hidden
        const names = sizes.map((_, layer) => (sizes.length === 1 ? 'hidden' : `hidden${layer + 1}`))
        expect(network.groups.map(({ name, size }) => [name, size])).toEqual([
          ['input', 3],
          ...names.map((name, layer) => [name, sizes[layer]]),
          ['output', 2],
        ])
        const own = (role: keyof typeof given.delays, without: string) =>
          given.learnDelays && role in given.delays ? 'perSynapse' : without
        expect(network.projections.map(({ key, delays }) => [key, delays.kind])).toEqual([
          ...names.flatMap((name, layer) => [
            layer === 0
              ? [`input->${name}`, own('input', 'none')]
              : [`${names[layer - 1]}->${name}`, own('hidden', 'none')],
            ...(given.recurrent ? [[`${name}->${name}`, own('recurrent', 'scalar')]] : []),
          ]),
          [`${names.at(-1)}->output`, own('output', 'none')],
        ])
      }),
    )
  })

  it('draws weights that scale with the number of sources', () => {
    const weights = { hidden: { drive: 12, spread: 6 }, recurrent: { drive: 4, spread: 2 } }
    const { projections } = yinYangNetwork({ hidden: [4, 16], recurrent: true, weights })
    const drawn = (key: string) => projections.find((projection) => projection.key === key)?.weights
    expect(drawn('hidden1->hidden1')).toEqual({ distribution: 'normal', mean: 1, std: 1 })
    expect(drawn('hidden1->hidden2')).toEqual({ distribution: 'normal', mean: 3, std: 3 })
    expect(drawn('hidden2->hidden2')).toEqual({ distribution: 'normal', mean: 0.25, std: 0.5 })
    // What is not said stays the task's.
    expect(drawn('input->hidden1')).toEqual({ distribution: 'normal', mean: 2.5, std: 1.5 })
    const recurrent = projections.find(({ key }) => key === 'hidden1->hidden1')
    expect(recurrent?.delays).toEqual({ kind: 'scalar', value: RECURRENT_DELAY })
  })

  it('gives bias and adaptation to hidden neurons alone, and a readout of either kind', () => {
    const { groups } = yinYangNetwork({ hidden: [2, 2], bias: 0.1, adaptation: true, readout: 'li' })
    const adaptive = { bias: 0.1, adaptStep: 0.1, tauAdapt: 20 }
    expect(groups.slice(1)).toMatchObject([adaptive, adaptive, { kind: 'li', bias: 0, tauMem: 20, tauSyn: 5 }])
    expect(yinYang({ readout: 'li' }).loss).toEqual({ kind: 'vMax', group: 'output' })
    expect(yinYangNetwork({}).groups.at(-1)).toMatchObject({ kind: 'lif', adaptStep: 0, bias: 0 })
  })
})

it('has neurons with a threshold of 1 where none is given', () => {
  const neuron = { tauMem: 20, tauSyn: 5 }
  for (const readout of ['lif', 'li'] as const)
    expect(yinYangNetwork({ neuron, readout })).toEqual(
      yinYangNetwork({ neuron: { ...neuron, threshold: 1 }, readout }),
    )
})

it('draws time constants in a range for hidden neurons, and takes its middle for the readout', () => {
  const neuron = { tauMem: { low: 10, high: 30 }, tauSyn: { low: 2, high: 4 }, threshold: 1 }
  for (const readout of ['lif', 'li'] as const) {
    const { groups } = yinYangNetwork({ hidden: [2, 3], neuron, readout })
    const drawn = (low: number, high: number) => ({ distribution: 'uniform', low, high })
    for (const group of groups.slice(1, 3)) expect(group).toMatchObject({ tauMem: drawn(10, 30), tauSyn: drawn(2, 4) })
    expect(groups[3]).toMatchObject({ tauMem: 20, tauSyn: 3, size: 3 })
  }
})

it('gives a readout the time constants that are asked for, so many units for each class', () => {
  const { groups } = yinYangNetwork({ readout: 'li', readoutTaus: [30] })
  expect(groups.at(-1)).toMatchObject({ size: 3, tauMem: 30 })
  expect(yinYang({ readout: 'li', readoutTaus: [30] }).loss).toEqual({ kind: 'vMax', group: 'output' })
  const scales = { readout: 'li', readoutTaus: [10, 40] } as const
  expect(yinYangNetwork(scales).groups.at(-1)).toMatchObject({ size: 6, tauMem: [10, 10, 10, 40, 40, 40], tauSyn: 5 })
  expect(yinYang(scales).loss).toEqual({ kind: 'vMax', group: 'output', unitsPerClass: 2 })
  const { readoutTaus: _, ...without } = yinYangSettings({})
  expect(layeredNetwork({ inputs: 4, outputs: 3 }, without)).toEqual(yinYangNetwork({}))
  expect(() => yinYangNetwork({ readoutTaus: [10] })).toThrow(expect.objectContaining({ code: 'OPTION_CONFLICT' }))
})

it.each([
  [{ hidden: [] }, 'options.hidden: found no layer, expected at least one'],
  [{ hidden: 1.5 }, 'options.hidden: found 1.5'],
  [{ weights: { input: { mean: 1 } } }, 'options.weights.input.std: found nothing'],
  [{ weights: { input: { drive: 1, std: 1 } } }, 'options.weights.input.std: found an unknown field'],
  [{ weights: { first: { mean: 1, std: 1 } } }, 'options.weights.first: found an unknown field'],
  [{ delays: { input: { low: 3, high: 2 } } }, 'options.delays.input.high: found 2, expected at least 3'],
  [{ delays: { input: { low: -1, high: 2 } } }, 'options.delays.input.low: found -1'],
  [{ neuron: { tauMem: 0, tauSyn: 1, threshold: 1 } }, 'options.neuron.tauMem: found 0'],
  [{ neuron: { tauMem: 1, threshold: 1 } }, 'options.neuron.tauSyn: found nothing'],
  [{ neuron: { tauMem: { low: 3, high: 2 }, tauSyn: 1, threshold: 1 } }, 'options.neuron.tauMem.high: found 2'],
  [{ neuron: { tauMem: { low: 0, high: 2 }, tauSyn: 1, threshold: 1 } }, 'options.neuron.tauMem.low: found 0'],
  [{ readoutTaus: [5, 0] }, 'options.readoutTaus[1]: found 0'],
  [{ readout: 'lf' }, 'options.readout: found "lf", expected "lif" or "li"'],
  [{ recurrent: 1 }, 'options.recurrent: found 1, expected true or false'],
  [{ bias: Number.NaN }, 'options.bias: found NaN'],
  [{ hiden: 3 }, 'options.hiden: found an unknown field'],
])('refuses %j', (given, message) => {
  expect(() => yinYang(given as object)).toThrow(message)
})

it('gives every hidden layer what is said of all', () => {
  expect(perHiddenLayer({ hidden: 1, output: 2 }, 5)).toEqual({ hidden: 1, output: 2 })
  expect(perHiddenLayer({ hidden: 1, hidden2: 3, output: 2 }, [5, 5, 5])).toEqual({
    hidden1: 1,
    hidden2: 3,
    hidden3: 1,
    output: 2,
  })
  expect(perHiddenLayer({ hidden1: 4 }, [5, 5])).toEqual({ hidden1: 4 })
})
