import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import type { ChipCounts } from '../../../src/hardware/counts/chip-counts.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import type { ChipEnergy, ChipLatency, ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { chipProfile, withChips } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { chipReport } from '../../../src/hardware/report/report-chip.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { lif } from '../../../src/network/models/lif.js'
import { mistakeOf } from '../../network/mistake-of.js'
import { arbitraryRun } from '../counts/arbitrary-run.js'

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 } as const
const LOIHI = chipProfile('loihi-silicon')

/** A source of 2 units and 4 neurons on cores of two tiles, one step a ms. */
function countsOn(profile: ChipProfile, where: readonly [number, number] = [0, 4]): ChipCounts {
  const network = defineNetwork({
    groups: { input: source(2), out: lif(4, NEURON) },
    projections: [connect('input', 'out', dense(1)), connect('out', 'out', dense(1), { delay: 1 })],
  })
  const input = { group: 'input', start: 0, end: 2 }
  const out = { group: 'out', start: 0, end: 4 }
  const [first, second] = where
  const apart = [
    { chip: 0, core: first, slices: [input] },
    { chip: 0, core: second, slices: [out] },
  ]
  const cores = first === second ? [{ chip: 0, core: first, slices: [input, out] }] : apart
  const placement = defineChipPlacement(network, profile, cores)
  const tally = { trials: 2, steps: 100, spikes: { input: 10, out: 3 }, activeSteps: { out: 20 } }
  return chipCounts(network, placement, profile, tally)
}

/** The profile with other energies; a number is one that was measured. */
function withEnergy(profile: ChipProfile, energy: Readonly<Record<string, unknown>>): ChipProfile {
  const measured = { provenance: 'published', stage: 'silicon', kind: 'marginal', source: 'a test' }
  const figures = Object.entries(energy).map(([name, given]) => [
    name,
    typeof given === 'number' ? { ...measured, value: given, unit: 'pJ' } : given,
  ])
  return defineChipProfile({ ...profile, energy: { ...profile.energy, ...Object.fromEntries(figures) } })
}

const FIGURE = { unit: 'pJ', provenance: 'published', stage: 'silicon', kind: 'marginal', source: 'a test' } as const

describe('a sum', () => {
  it('is null where a figure is unknown that counts, with what is known as a lower bound', () => {
    const { dynamic, byComponent, byLevel } = chipReport(countsOn(chipProfile('loihi')), chipProfile('loihi')).energy
      .byPhase.forward
    expect(dynamic).toMatchObject({ value: null, atMost: null, unknown: ['spikeOut', 'packetOut'], kind: 'marginal' })
    // 128 synaptic events, 400 neuron steps, 80 of them active, 20 packets one tile north.
    expect(dynamic.atLeast).toBeCloseTo(128 * 23.6 + 400 * 52 + 80 * 29 + 20 * 4, 9)
    expect(byComponent.packetOut).toEqual({ value: null, atLeast: 0, atMost: null, unknown: ['packetOut'], kind: null })
    expect(byComponent.hopX).toBeUndefined()
    expect(byLevel.betweenTiles).toMatchObject({ value: 80, atLeast: 80, atMost: 80 })
    expect(byLevel.betweenChips).toMatchObject({ value: 0, unknown: [] })
  })

  it('does not need a figure of what never happens', () => {
    const report = chipReport(countsOn(LOIHI), LOIHI)
    expect(LOIHI.energy.chipCrossing).toBeNull()
    expect(report.energy.byPhase.forward.dynamic.unknown).toEqual([])
  })

  it('leaves to another figure what is included there', () => {
    const profile = withEnergy(LOIHI, { packetOut: { includedIn: 'synapse', source: 'a test' } })
    const { dynamic, byComponent } = chipReport(countsOn(profile), profile).energy.byPhase.forward
    const whole = chipReport(countsOn(LOIHI), LOIHI).energy.byPhase.forward.dynamic
    expect(byComponent.packetOut).toBeUndefined()
    expect(dynamic.value).toBeCloseTo((whole.value ?? 0) - 32 * 111, 9)
  })

  it.each<[string, object, object]>([
    ['at least', { ...FIGURE, value: 10, bound: 'atLeast' }, { value: 1280, atLeast: 1280, atMost: null }],
    ['at most', { ...FIGURE, value: 10, bound: 'atMost' }, { value: 1280, atLeast: 0, atMost: 1280 }],
    ['a range', { ...FIGURE, value: 10, range: [8, 11] }, { value: 1280, atLeast: 1024, atMost: 1408 }],
    ['a published 0', { ...FIGURE, value: 0 }, { value: 0, atLeast: 0, atMost: 0, unknown: [] }],
  ])('keeps to what its figure is: %s', (_, synapse, expected) => {
    const profile = withEnergy(LOIHI, { synapse })
    expect(chipReport(countsOn(profile), profile).energy.byPhase.forward.byComponent.synapse).toMatchObject(expected)
  })

  it('is refused if its figures are of two kinds', () => {
    const profile = withEnergy(LOIHI, { synapse: { ...FIGURE, value: 10, kind: 'average' } })
    expect(mistakeOf(() => chipReport(countsOn(profile), profile))).toMatchObject({
      code: 'CHIP_KINDS',
      field: 'energy.idle',
    })
    const none = withEnergy(profile, { idle: null, neuronUpdate: null, spikeOut: null, packetOut: null, hopY: null })
    expect(chipReport(countsOn(none), none).energy.byPhase.forward.dynamic.kind).toBe('average')
  })

  it('in dense time steps has every neuron and every synapse in every step, and no packet', () => {
    const known = withEnergy(LOIHI, { synapse: 2, idle: 7, neuronUpdate: 11, spikeOut: 13, packetOut: 1e6 })
    // 24 synapses, 4 neurons, 100 steps, 12 spikes of neurons.
    expect(chipReport(countsOn(known), known).energy.denseForward).toMatchObject({
      value: 24 * 100 * 2 + 4 * 100 * (7 + 11) + 12 * 13,
      unknown: [],
    })
    const unknown = withEnergy(known, { synapse: null })
    expect(chipReport(countsOn(unknown), unknown).energy.denseForward).toMatchObject({
      value: null,
      atLeast: 4 * 100 * (7 + 11) + 12 * 13,
      unknown: ['synapse'],
    })
    const analogue = chipProfile('brainscales2')
    expect(chipReport(countsOn(analogue, [0, 0]), analogue).energy.denseForward).toBeNull()
  })

  it('over levels, over components and over phases is the same', () => {
    fc.assert(
      fc.property(arbitraryRun, ({ network, placement, profile, tally }) => {
        const known = withEnergy(profile, {
          ...{ synapse: 2, synapseBackward: 3, weightUpdate: 5, idle: 7, neuronUpdate: 11, spikeOut: 13 },
          ...{ packetOut: 17, spikeInTile: 19, hopX: 23, hopY: 29, chipCrossing: 31 },
        })
        const { formats } = known
        const payload = { value: 32, unit: 'bit', provenance: 'assumed', source: 'a test' } as const
        const chip = defineChipProfile({ ...known, formats: { ...formats, payloadBits: payload } })
        const { byPhase, trainingStep } = chipReport(chipCounts(network, placement, chip, tally), chip).energy
        const sum = (values: readonly { readonly value: number | null }[]) =>
          values.reduce((all, { value }) => all + (value ?? Number.NaN), 0)
        for (const { dynamic, byLevel, byComponent } of [...Object.values(byPhase), trainingStep]) {
          const components = Object.entries(byComponent).filter(([name]) => !name.startsWith('static'))
          expect(sum(Object.values(byLevel))).toBe(dynamic.value)
          expect(sum(components.map(([, each]) => each))).toBe(dynamic.value)
        }
        expect(sum(Object.values(byPhase).map(({ dynamic }) => dynamic))).toBe(trainingStep.dynamic.value)
      }),
      { numRuns: 10, seed: 96 },
    )
  })
})

describe('a training step', () => {
  it('cannot be taken where packets have no payload, and its energy is unknown', () => {
    const { gradientsTravel, notes, energy, backward } = chipReport(countsOn(LOIHI), LOIHI)
    expect(gradientsTravel).toBe(false)
    expect(notes).toEqual(['Gradients cannot travel on this chip: its packets have no payload.'])
    expect(backward.values).toBe(12)
    expect(energy.byPhase.backward.dynamic).toMatchObject({ value: null, unknown: ['synapseBackward', 'payloadBits'] })
    expect(energy.byPhase.update.dynamic).toMatchObject({ value: null, unknown: ['weightUpdate'] })
    expect(energy.trainingStep.dynamic.value).toBeNull()
    expect(energy.trainingStep.dynamic.atLeast).toBeGreaterThan(energy.byPhase.forward.dynamic.atLeast)
  })

  it('takes a time that is unknown but for its forward pass', () => {
    const profile = chipProfile('truenorth')
    const { energy } = chipReport(countsOn(profile, [0, 1]), profile)
    expect(energy.byPhase.backward.static).toMatchObject({ value: null, atLeast: 0, unknown: ['seconds'] })
    expect(energy.trainingStep.static.atLeast).toBe(energy.byPhase.forward.static.atLeast)
    expect(energy.byPhase.forward.byComponent.staticPerChip?.value).toBeCloseTo(0.06443 * 0.1 * 1e12, 3)
  })

  it('has the bits of payloads in its routers', () => {
    const profile = chipProfile('spinnaker')
    const { energy, gradientsTravel, notes } = chipReport(countsOn(profile, [0, 1]), profile)
    expect({ gradientsTravel, notes }).toEqual({ gradientsTravel: true, notes: [] })
    // 32 spikes of 40 bits, 12 values of 72 bits, each through the router of its chip: 1.0 and 1.8 nJ.
    expect(energy.byPhase.forward.byComponent.routerBit?.value).toBe(32 * 1000)
    expect(energy.byPhase.backward.byComponent.routerBit).toMatchObject({ value: 12 * 1800, atMost: 12 * 1800 })
  })

  it('costs at least what packets without a value cost', () => {
    const payload = { value: 32, unit: 'bit', provenance: 'assumed', source: 'a test' } as const
    const profile = defineChipProfile({ ...LOIHI, formats: { ...LOIHI.formats, payloadBits: payload } })
    const { backward } = chipReport(countsOn(profile), profile).energy.byPhase
    expect(backward.byComponent.packetOut).toMatchObject({ value: 12 * 111, atLeast: 12 * 111, atMost: null })
  })

  it('is not known to be possible where nothing is known of payloads', () => {
    const profile = chipProfile('seneca')
    const { gradientsTravel, notes } = chipReport(countsOn(profile, [0, 0]), profile)
    expect(gradientsTravel).toBeNull()
    expect(notes).toHaveLength(1)
  })
})

describe('steps', () => {
  it('take the busiest core and the barrier, by their mean', () => {
    const { stepTime, seconds } = chipReport(countsOn(LOIHI), LOIHI)
    // 12 spikes to itself, and 20 from the inputs.
    const busy = (400 * 6 + 80 * 3.7 + 12 * (30 + 5.1) + 32 * 16 + 128 * 3.8) / 100
    expect(stepTime).toMatchObject({ tick: 1e6, busiest: { chip: 0, core: 4 }, keepsTick: true })
    // Two tiles are in use; sparse synapses take 4.7 ns.
    expect(stepTime?.mean.value).toBeCloseTo(busy + 1000, 9)
    expect(stepTime?.mean.atMost).toBeCloseTo(busy + 1.28 * 0.9 + 1000, 9)
    expect(seconds).toBe(0.1)
  })

  it('take at least what is known', () => {
    const profile = chipProfile('loihi')
    const { stepTime } = chipReport(countsOn(profile), profile)
    // A synaptic event takes 3.5 ns at most, a barrier 110 to 470; nothing is known of spikes and packets.
    expect(stepTime?.mean.atLeast).toBeCloseTo((400 * 5.3 + 80 * 3.1) / 100 + 110, 9)
    expect(stepTime?.mean).toMatchObject({ value: null, atMost: null })
    expect(stepTime?.mean.unknown.toSorted()).toEqual(['latency.packetIn', 'latency.packetOut', 'latency.spikeOut'])
  })

  it('that are longer than their tick take their time', () => {
    const time = {
      ...LOIHI.time,
      step: { ...{ value: 5e6, unit: 'ns' }, provenance: 'assumed', source: 'a test' },
    }
    const profile = defineChipProfile({ ...LOIHI, time } as ChipProfile)
    const { stepTime, seconds } = chipReport(countsOn(profile), profile)
    expect(stepTime).toMatchObject({ mean: { value: 5e6 }, keepsTick: false })
    expect(seconds).toBe(0.5)
  })

  it.each([
    [1, 470],
    [256, 14300],
    [512, 15250],
    [768, 16200],
    [769, null],
  ])('of %d chips end with a barrier of %s ns', (chipsUsed, expected) => {
    const counts = countsOn(chipProfile('loihi'))
    const large = { ...counts, placement: { ...counts.placement, chipsUsed } }
    expect(chipReport(large, chipProfile('loihi')).stepTime?.barrier.value).toBe(expected)
  })

  it('may or may not keep their tick where latencies are unknown', () => {
    const none = Object.fromEntries(Object.keys(LOIHI.latency).map((name) => [name, null])) as unknown as ChipLatency
    const profile = defineChipProfile({ ...LOIHI, latency: none })
    const { stepTime } = chipReport(countsOn(profile), profile)
    expect(stepTime).toMatchObject({ mean: { value: null, atLeast: 1000 }, busiest: null, keepsTick: null })
  })

  it('take at least what is known where that is longer than their tick', () => {
    const latency = { ...LOIHI.latency, packetIn: null }
    const tick = { ...LOIHI.time.tick, value: 1e-4 }
    const profile = defineChipProfile({ ...LOIHI, latency, time: { ...LOIHI.time, tick } } as ChipProfile)
    const { stepTime, seconds } = chipReport(countsOn(LOIHI), profile)
    expect(stepTime).toMatchObject({ tick: 100, mean: { value: null, atMost: null }, busiest: null, keepsTick: false })
    expect(stepTime?.mean.atLeast).toBeGreaterThan(1000)
    expect(seconds).toBeCloseTo((100 * (stepTime?.mean.atLeast as number)) / 1e9, 12)
  })

  test('are none where time is continuous, which passes by the speed of the chip', () => {
    const profile = chipProfile('brainscales2')
    const counts = { ...countsOn(profile, [0, 0]), tickMs: 0.5 }
    expect(chipReport(counts, profile)).toMatchObject({ stepTime: null, seconds: 5e-5 })
    expect(chipReport({ ...counts, tickMs: null }, profile).seconds).toBeNull()
  })
})

test('the metrics of NeuroBench go by its names, as means over trials', () => {
  expect(chipReport(countsOn(LOIHI), LOIHI).neurobench).toEqual({
    ParameterCount: 8 + 16 + 1 + 12 + 3,
    Footprint: (24 * 25) / 8,
    ConnectionSparsity: 0,
    ActivationSparsity: 1 - 12 / 400,
    MembraneUpdates: 40,
    SynapticOperations: { Effective_MACs: 0, Effective_ACs: 64, Dense: 1200 },
  })
  const profile = chipProfile('truenorth')
  expect(chipReport(countsOn(profile, [0, 1]), profile).neurobench.Footprint).toBeNull()
})

test('a report on another chip than was counted on is refused', () => {
  expect(mistakeOf(() => chipReport(countsOn(LOIHI), chipProfile('loihi')))).toMatchObject({ code: 'REPORT_PROFILE' })
})

test('figures with a profile of more chips: all that there are are on', () => {
  const profile = withChips(chipProfile('truenorth'), { columns: 2, rows: 2 })
  const { byComponent } = chipReport(countsOn(profile, [0, 1]), profile).energy.byPhase.forward
  expect(byComponent.staticPerChip?.value).toBeCloseTo(4 * 0.06443 * 0.1 * 1e12, 3)
})

test('every energy of a chip is a component or is known to be none', () => {
  const names = Object.keys(LOIHI.energy) as (keyof ChipEnergy)[]
  const all = withEnergy(
    LOIHI,
    Object.fromEntries(names.filter((name) => !/static|routerBit/.test(name)).map((name) => [name, 1])),
  )
  const { trainingStep } = chipReport(countsOn(all), all).energy
  const met = Object.keys(trainingStep.byComponent)
  expect(names.filter((name) => !met.includes(name))).toEqual(['spikeInTile', 'hopX', 'chipCrossing', 'routerBit'])
})
