import fc from 'fast-check'
import { expect } from 'vitest'
import { TrafficCounter } from '../../../src/dynamics/traffic/memory-traffic.js'
import type { Loss } from '../../../src/learning/loss.js'
import type { Parameters, Trials } from '../../../src/learning/session.js'
import { createGridParameterNoise } from '../../../src/learning/surrogate/noise/grid-parameters.js'
import { ParameterStore } from '../../../src/learning/surrogate/parameter-store.js'
import { type BatchOrder, createBatchRunner } from '../../../src/learning/surrogate/run-batch.js'
import type { Group, Network } from '../../../src/network/description/network.js'
import type { NetworkInstance } from '../../../src/network/instance/instance.js'
import { instantiate } from '../../../src/network/instance/instantiate.js'
import { hasNeurons } from '../../../src/network/models/models.js'
import { arbitraryNetwork } from '../../../src/testing/arbitrary-network.js'
import { arbitraryTrials } from '../../../src/testing/arbitrary-trials.js'
import { type DualOptions, dualTrial, type Probe } from './dual-grid.js'
import { singleCurrent } from './single-current.js'

const UNTIL = 40

/** Every number that can be learned. */
function probesOf({ groups, projections }: NetworkInstance): readonly Probe[] {
  const each = (kind: Probe['kind'], of: string, { length }: Float64Array) =>
    Array.from({ length }, (_, index): Probe => ({ kind, of, index }))
  return [
    ...projections.flatMap(({ key, weights, delays, absent }) => [
      ...each('weights', key, weights).filter(({ index }) => absent?.[index] !== 1),
      ...each('delays', key, delays).filter(() => true),
    ]),
    ...groups.flatMap((values) => {
      if (!hasNeurons(values)) return []
      const bias = each('bias', values.name, values.bias)
      if (values.kind === 'li') return bias
      return [
        ...bias,
        ...each('threshold', values.name, values.threshold),
        ...each('adaptStep', values.name, values.adaptStep),
      ]
    }),
  ]
}

function entry(gradients: Parameters, { kind, of, index }: Probe): number {
  if (kind === 'weights' || kind === 'delays') return gradients.projections[of]?.[kind][index] as number
  return gradients.groups[of]?.[kind]?.[index] as number
}

/** The same network with other numbers. */
function withParameters({ groups, projections }: NetworkInstance, parameters: Parameters): NetworkInstance {
  return {
    groups: groups.map((values) => {
      const { threshold } = parameters.groups[values.name] ?? {}
      return values.kind === 'lif' && threshold !== undefined ? { ...values, threshold } : values
    }),
    projections: projections.map((values) => ({ ...values, ...parameters.projections[values.key] })),
  }
}

function onesLike({ groups, projections }: Parameters): Parameters {
  for (const numbers of [...Object.values(groups), ...Object.values(projections)])
    for (const array of Object.values(numbers)) array.fill(1)
  return { groups, projections }
}

interface Tally {
  compared: number
  skipped: number
  /** Numbers that were compared, and those that agree as closely as 32 bits mostly allow. */
  numbers: number
  close: number
}

/** What is beside the loss. */
type Beside = Pick<DualOptions, 'rateBand' | 'noise'>

interface Setting {
  readonly loss: Loss
  readonly dt: number
  readonly slope: number
  readonly beside: Beside
}

function compare(network: Network, trials: Trials, { loss, dt, slope, beside }: Setting, tally: Tally) {
  const instance = instantiate(network, 0)
  const store = new ParameterStore(instance)
  const run = createBatchRunner({ network, instance, store, traffic: new TrafficCounter(), dt, slope })
  const record = network.groups.filter(({ kind }) => kind !== 'source').map(({ name }) => name)
  const order: BatchOrder = {
    ...{ trials, record, loss: { loss, labels: Uint8Array.of(0) }, learned: 'all', inputTimes: false },
    ...{ silentLabelHinge: 0, silentHinge: {} },
  }
  const found = run({ ...order, ...beside })
  const options = { dt, slope, until: trials.until, loss, label: 0, stopAfterFirst: null, ...beside }
  const probes = probesOf(instance)
  const perturbed = beside.noise && createGridParameterNoise(network, instance)(store.parameters, beside.noise)
  const device = perturbed ? withParameters(instance, perturbed.parameters) : instance
  const slopes = onesLike(store.copy())
  perturbed?.correct(slopes)
  const expected = probes.map((probe) => {
    const trial = dualTrial(device, trials.inputs, probe, options)
    return { ...trial, derivative: trial.derivative * entry(slopes, probe) }
  })
  const [first] = expected
  if (first === undefined) return
  for (const [name, spikes] of Object.entries(first.spikes)) {
    const { times, units } = found.recording.spikes[name] ?? { times: [], units: [] }
    // A voltage next to its threshold falls on the other side in 32 bits; everything after it differs.
    const isSame = spikes.length === times.length && spikes.every(([k, n], i) => times[i] === k * dt && units[i] === n)
    if (isSame || network.groups.find((group) => group.name === name)?.kind !== 'lif') continue
    tally.skipped++
    return
  }
  tally.compared++
  if (first.loss === null) expect(found.losses).toEqual([null])
  else expect(found.losses[0]).toBeCloseTo(first.loss, 3)
  const top = Math.max(...expected.map(({ derivative }) => Math.abs(derivative)))
  probes.forEach((probe, k) => {
    const { derivative } = expected[k] as { derivative: number }
    const gap = Math.abs(entry(found.gradients, probe) - derivative)
    tally.numbers++
    if (gap <= 1e-3 * Math.abs(derivative) + 1e-4 * top + 1e-7) tally.close++
    // Where large terms cancel along a cycle, 32 bits lose more.
    if (!(gap <= 0.02 * Math.abs(derivative) + 5e-3 * top + 1e-7))
      expect({ probe, gradient: entry(found.gradients, probe) }).toEqual({ probe, gradient: derivative })
  })
}

interface Question {
  readonly readout: 'li' | 'none'
  readonly recurrence: 'never' | 'always'
  lossOf(group: string): Loss
  besideIn?(network: Network): Beside
}

/** Compares the gradients of generated networks with those in dual numbers, parameter by parameter. */
export function checkAgainstDuals({ readout, recurrence, lossOf, besideIn = () => ({}) }: Question, numRuns = 12) {
  const cases = arbitraryNetwork({ neurons: 3, readout, recurrence })
    .map(singleCurrent)
    .chain((network) => {
      const trials = arbitraryTrials(network, { count: [1, 1], until: UNTIL })
      return fc.record({
        network: fc.constant(network),
        trials,
        dt: fc.constantFrom(0.25, 1),
        slope: fc.constantFrom(2, 10),
      })
    })
  return () => {
    const tally: Tally = { compared: 0, skipped: 0, numbers: 0, close: 0 }
    fc.assert(
      fc.property(cases, ({ network, trials, dt, slope }) => {
        const last = network.groups[network.groups.length - 1] as Group
        compare(network, trials, { loss: lossOf(last.name), dt, slope, beside: besideIn(network) }, tally)
      }),
      { numRuns, endOnFailure: true },
    )
    expect(tally.compared).toBeGreaterThan(numRuns / 2)
    expect(tally.close / tally.numbers).toBeGreaterThan(0.97)
  }
}
