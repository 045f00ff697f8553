import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Loss } from '../../src/learning/loss.js'
import { type LabelledLoss, requireTrials } from '../../src/learning/require-trials.js'
import type { Trials } from '../../src/learning/session.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { poisson } from '../../src/network/description/emitting-sources.js'
import { source } from '../../src/network/description/groups.js'
import { li } from '../../src/network/models/li.js'
import { lif } from '../../src/network/models/lif.js'
import { arbitraryTrials } from '../../src/testing/arbitrary-trials.js'
import { LIF } from '../actors/small-networks.js'
import { mistakeOf } from '../network/mistake-of.js'
import { trainsOf } from './trains.js'

const network = defineNetwork({
  groups: {
    in: source(2),
    more: source(1),
    drive: poisson(2, { rate: 10 }),
    out: lif(2, LIF),
    readout: li(1, { tauMem: 20, tauSyn: 5 }),
  },
  projections: [],
})

const check = (trials: Trials, loss: LabelledLoss | null = null) => requireTrials(network, trials, loss)
const lossOf = (loss: Loss, labels: Uint8Array | null): LabelledLoss => ({
  loss,
  labels,
})

const trains = trainsOf([
  [
    { time: 1, unit: 0 },
    { time: 1, unit: 1 },
    { time: 4, unit: 0 },
  ],
  [{ time: 0, unit: 1 }],
])
const good: Trials = { count: 2, until: 50, inputs: { in: trains } }
const withTrains = (changes: Partial<typeof trains>): Trials => ({ ...good, inputs: { in: { ...trains, ...changes } } })

const count: Loss = { kind: 'spikeCount', group: 'out', tau: 20 }
const vMax: Loss = { kind: 'vMax', group: 'readout' }

const integral: Loss = { kind: 'liIntegral', group: 'readout', tau: Infinity, scale: 1 }
/** There is no unit 2. */
const wanted: Loss = {
  kind: 'vanRossum',
  group: 'out',
  tau: 5,
  targets: { offsets: Uint32Array.of(0, 2), times: Float64Array.of(1, 2), units: Uint32Array.of(1, 2) },
}

describe('trials in order', () => {
  test('pass, whatever their spikes', () => {
    fc.assert(
      fc.property(arbitraryTrials(network, { spikes: [0, 3], grid: 2 }), (trials) => {
        check(trials)
        check({ ...trials, until: Infinity })
        check(trials, lossOf(count, new Uint8Array(trials.count)))
      }),
    )
  })

  test.each<{ name: string; trials: Trials; loss: LabelledLoss | null }>([
    { name: 'no inputs at all', trials: { ...good, inputs: {} }, loss: null },
    {
      name: 'the same unit twice at the same time',
      trials: withTrains({ units: Uint32Array.of(0, 0, 0, 1) }),
      loss: null,
    },
    { name: 'a loss without labels', trials: good, loss: lossOf(count, null) },
    { name: 'a readout under vMax', trials: good, loss: lossOf(vMax, Uint8Array.of(0, 0)) },
    { name: 'a plain integral of trials that end', trials: good, loss: lossOf(integral, null) },
    {
      name: 'a fading integral of trials without an end',
      trials: { ...good, until: Infinity },
      loss: lossOf({ ...integral, tau: 3 }, null),
    },
    { name: 'input spikes after the end', trials: { ...good, until: 0.5 }, loss: null },
  ])('pass: $name', ({ trials, loss }) => {
    expect(() => check(trials, loss)).not.toThrow()
  })
})

const NO_SPIKES = { times: new Float64Array(0), units: new Uint32Array(0) }

test.each<{ code: string; field: string; trials: Trials }>([
  ...[0, -1, 1.5, Number.NaN, Infinity].map((n) => ({
    code: 'TRIALS_COUNT',
    field: 'trials.count',
    trials: { ...good, count: n },
  })),
  ...[0, -1, Number.NaN].map((until) => ({ code: 'UNTIL_INVALID', field: 'trials.until', trials: { ...good, until } })),
  ...['nobody', 'drive', 'out', 'readout'].map((name) => ({
    code: 'INPUT_GROUP',
    field: `trials.inputs.${name}`,
    trials: { ...good, inputs: { [name]: trains } },
  })),
  ...[
    withTrains({ offsets: Uint32Array.of(0, 4) }),
    withTrains({ offsets: Uint32Array.of(0, 1, 2, 4) }),
    withTrains({ offsets: Uint32Array.of(0, 3, 3) }),
    withTrains({ offsets: Uint32Array.of(0, 3, 5) }),
    withTrains({ offsets: Uint32Array.of(1, 3, 4) }),
    withTrains({ offsets: new Uint32Array(0), ...NO_SPIKES }),
    withTrains({ units: Uint32Array.of(0, 1, 0) }),
    withTrains({ times: Float64Array.of(1, 1, 4) }),
    { ...withTrains({ offsets: Uint32Array.of(0, 3, 1, 4) }), count: 3 },
  ].map((trials) => ({ code: 'INPUT_SHAPE', field: 'trials.inputs.in', trials })),
  ...[-1, -1e-300, Number.NaN, Infinity].map((time) => ({
    code: 'INPUT_TIME',
    field: 'trials.inputs.in.times[2]',
    trials: withTrains({ times: Float64Array.of(1, 1, time, 0) }),
  })),
  {
    code: 'INPUT_UNIT',
    field: 'trials.inputs.in.units[3]',
    trials: withTrains({ units: Uint32Array.of(0, 1, 0, 2) }),
  },
  {
    code: 'INPUT_ORDER',
    field: 'trials.inputs.in.times[2]',
    trials: withTrains({ times: Float64Array.of(1, 1, 0.5, 0) }),
  },
  {
    code: 'INPUT_ORDER',
    field: 'trials.inputs.in.times[1]',
    trials: withTrains({ units: Uint32Array.of(1, 0, 0, 1) }),
  },
])('$code at $field', ({ code, field, trials }) => {
  expect(mistakeOf(() => check(trials))).toEqual({ code, field })
})

test.each<readonly [trials: unknown, field: string]>([
  [undefined, 'trials'],
  [{ ...good, inputs: null }, 'trials.inputs'],
  [{ ...good, inputs: { in: undefined } }, 'trials.inputs.in'],
  [{ ...good, inputs: { in: { ...trains, times: Float32Array.from(trains.times) } } }, 'trials.inputs.in.times'],
  [{ ...good, inputs: { in: { ...trains, times: [...trains.times] } } }, 'trials.inputs.in.times'],
  [{ ...good, inputs: { in: { ...trains, units: Uint8Array.from(trains.units) } } }, 'trials.inputs.in.units'],
  [{ ...good, inputs: { in: { ...trains, offsets: undefined } } }, 'trials.inputs.in.offsets'],
])('arrays of another type: %j', (trials, field) => {
  const { code, field: found } = mistakeOf(() => check(trials as Trials))
  expect(code).toMatch(/^FIELD_(TYPE|MISSING)$/)
  expect(found).toBe(field)
})

test('labels of another type', () => {
  const labels = [0, 1] as unknown as Uint8Array
  expect(mistakeOf(() => check(good, lossOf(count, labels)))).toEqual({ code: 'FIELD_TYPE', field: 'labels' })
})

test('trials are their fields, whatever object they were', () => {
  class Batch implements Trials {
    readonly count = 2
    readonly until = 50
    readonly inputs = { in: Object.assign(new (class Spikes {})(), trains) }
    readonly note = () => 'not of these trials'
  }
  const plain = check(new Batch())
  expect(plain).toStrictEqual(good)
  expect(plain.inputs.in?.times).toBe(trains.times)
})

test.each<{ loss: Loss; labels: Uint8Array | null; code: string; field: string }>([
  { loss: { ...count, group: 'nobody' }, labels: null, code: 'LOSS_GROUP', field: 'loss.group' },
  { loss: { ...count, group: 'in' }, labels: null, code: 'LOSS_GROUP', field: 'loss.group' },
  { loss: { ...count, group: 'readout' }, labels: null, code: 'LOSS_GROUP', field: 'loss.group' },
  { loss: { ...vMax, group: 'out' }, labels: null, code: 'LOSS_GROUP', field: 'loss.group' },
  { loss: count, labels: Uint8Array.of(0), code: 'LABELS_COUNT', field: 'labels' },
  { loss: count, labels: new Uint8Array(0), code: 'LABELS_COUNT', field: 'labels' },
  { loss: vMax, labels: Uint8Array.of(0, 0, 0), code: 'LABELS_COUNT', field: 'labels' },
  { loss: { ...integral, group: 'out' }, labels: null, code: 'LOSS_GROUP', field: 'loss.group' },
  { loss: { ...wanted, group: 'readout' }, labels: null, code: 'LOSS_GROUP', field: 'loss.group' },
  { loss: wanted, labels: null, code: 'TARGET_UNIT', field: 'loss.targets.units[1]' },
])('$code: $loss with labels $labels', ({ loss, labels, code, field }) => {
  expect(mistakeOf(() => check(good, lossOf(loss, labels)))).toEqual({ code, field })
})

test('a plain integral of trials without an end is refused', () => {
  const mistake = mistakeOf(() => check({ ...good, until: Infinity }, lossOf(integral, null)))
  expect(mistake).toEqual({ code: 'LOSS_WITHOUT_END', field: 'loss.tau' })
})
