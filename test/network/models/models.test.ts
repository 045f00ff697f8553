import { describe, expect, test } from 'vitest'
import {
  canSpike,
  hasNeurons,
  isReadout,
  isSpiking,
  learnableOf,
  modelOf,
  NEURON_MODELS,
  respondsInSpikes,
} from '../../../src/network/models/models.js'
import { defaultsOf, NEURON_PARAMETERS, type NeuronModel } from '../../../src/network/models/neuron-model.js'

describe.each(Object.entries<NeuronModel>(NEURON_MODELS))('the record of %s', (kind, model) => {
  test('stands under its kind', () => {
    expect(model.kind).toBe(kind)
    expect(modelOf({ kind })).toBe(model)
  })

  test('has a membrane and a bias, and learns fields that it has, in file order', () => {
    const fields = Object.keys(model.fields)
    expect(fields).toEqual(expect.arrayContaining(['tauMem', 'bias']))
    const learned = learnableOf({ kind })
    expect(fields).toEqual(expect.arrayContaining(learned.map(({ field }) => field)))
    const kinds = learned.map((array) => array.kind)
    expect(kinds).toContain('bias')
    expect(kinds).toEqual(Object.keys(NEURON_PARAMETERS).filter((each) => kinds.some((own) => own === each)))
  })

  test('has defaults that keep its rules', () => {
    for (const [field, value] of Object.entries(defaultsOf(model)))
      expect(model.fields[field]?.rule.holds(value), field).toBe(true)
  })

  test('fires, or is read out', () => {
    expect(hasNeurons({ kind })).toBe(true)
    expect(isSpiking({ kind })).toBe(model.fires)
    expect(isReadout({ kind })).toBe(!model.fires)
    expect(canSpike({ kind })).toBe(model.fires)
    expect(respondsInSpikes({ kind })).toBe(model.fires)
  })
})

test.each(['source', 'actor', 'toString', ''])('%j is no neuron model, and learns nothing', (kind) => {
  expect(modelOf({ kind })).toBeNull()
  expect([hasNeurons({ kind }), isSpiking({ kind }), isReadout({ kind })]).toEqual([false, false, false])
  expect(canSpike({ kind })).toBe(true)
  expect(respondsInSpikes({ kind })).toBe(kind === 'actor')
  expect(learnableOf({ kind })).toEqual([])
})
