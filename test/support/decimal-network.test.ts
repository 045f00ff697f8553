import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LifValues, NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'
import { arbitraryNeuron, between } from './arbitraries.js'
import { casesOf } from './cases-of.js'
import { exact, type Real } from './decimal.js'
import { maximumOf } from './decimal-li.js'
import { neuronAt, simulateDecimal } from './decimal-network.js'
import { type NeuronParameters, simulateNeuron } from './decimal-neuron.js'

const wholeGroup = (name: string, size: number) => ({ name, size, start: 0, total: size })

function lif(name: string, neurons: readonly NeuronParameters[]): LifValues {
  const column = (field: keyof NeuronParameters) => Float64Array.from(neurons, (neuron) => neuron[field])
  const fields = ['tauMem', 'tauSynExc', 'tauSynInh', 'bias', 'threshold'] as const
  const rest = ['vReset', 'refractory', 'tauAdapt', 'adaptStep'] as const
  const columns = Object.fromEntries([...fields, ...rest].map((field) => [field, column(field)]))
  return { kind: 'lif', ...wholeGroup(name, neurons.length), ...columns } as LifValues
}

type Drawn = { readonly weights: readonly number[]; readonly delays: readonly number[] }

function dense(source: string, target: string, sizes: readonly [number, number], { weights, delays }: Drawn) {
  const [sourceSize, targetSize] = sizes
  const synapses = Array.from({ length: sourceSize * targetSize }, (_, synapse) => synapse)
  return {
    order: 0,
    key: `${source}->${target}`,
    source,
    target,
    sourceSize,
    fromSource: true,
    targetSize,
    layout: 'dense',
    sources: Uint32Array.from(synapses, (s) => s % sourceSize),
    targets: Uint32Array.from(synapses, (s) => Math.floor(s / sourceSize)),
    absent: null,
    joined: null,
    weights: Float64Array.from(synapses, (s) => weights[s % weights.length] as number),
    delayShape: 'perSynapse',
    delays: Float64Array.from(synapses, (s) => delays[s % delays.length] as number),
  } satisfies ProjectionValues
}

const arbitraryDrawn = (lowest: number, highest: number, delay: fc.Arbitrary<number>) => {
  return fc.record({
    weights: fc.array(between(lowest, highest), { minLength: 7, maxLength: 7 }),
    delays: fc.array(delay, { minLength: 5, maxLength: 5 }),
  })
}

/** Refractory periods bound what a loop can do. */
const restingNeuron = fc
  .tuple(arbitraryNeuron({ biasUpTo: 0.6 }), between(2, 10))
  .map(([neuron, refractory]) => ({ ...neuron, refractory }))

/** in(2) -> a(3) -> b(2) -> readout(1), a -> a and b -> a back. */
const arbitraryNetwork = fc
  .record({
    neurons: fc.array(restingNeuron, { minLength: 5, maxLength: 5 }),
    drawn: fc.array(arbitraryDrawn(-0.8, 3.5, fc.oneof(fc.constant(0), between(0, 4))), { minLength: 3, maxLength: 3 }),
    back: fc.array(arbitraryDrawn(-3, 1, between(0.1, 4)), { minLength: 2, maxLength: 2 }),
  })
  .map(({ neurons, drawn, back }): NetworkInstance => {
    const readout = { tauMem: 20, tauSynExc: 5, tauSynInh: 7, bias: 0.1 }
    return {
      groups: [
        { kind: 'source', ...wholeGroup('in', 2) },
        lif('a', neurons.slice(0, 3)),
        lif('b', neurons.slice(3)),
        { kind: 'li', ...wholeGroup('readout', 1), ...mapValues(readout, (x) => Float64Array.of(x)) },
      ],
      projections: [
        dense('in', 'a', [2, 3], drawn[0]!),
        dense('a', 'b', [3, 2], drawn[1]!),
        dense('b', 'readout', [2, 1], drawn[2]!),
        dense('a', 'a', [3, 3], back[0]!),
        dense('b', 'a', [2, 3], back[1]!),
      ],
    }
  })

function mapValues<K extends string, A, B>(record: Record<K, A>, map: (a: A) => B): Record<K, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value as A)])) as Record<K, B>
}

const INPUT = { in: { times: [0.5, 1, 1, 4, 9, 9.25, 20], units: [0, 0, 1, 1, 0, 1, 0] } }
const UNTIL = 40

type Train = { readonly time: Real; readonly unit: number; readonly number: number }
type KeyedArrival = { readonly time: Real; readonly weight: number; readonly key: readonly number[] }

/** Every arrival of one unit in event order, from the spikes of the whole network. */
function arrivalsAt(
  net: NetworkInstance,
  trains: Readonly<Record<string, readonly Train[]>>,
  group: string,
  unit: number,
) {
  const arrivals: KeyedArrival[] = []
  for (const [projection, values] of net.projections.entries()) {
    if (values.target !== group) continue
    for (const [synapse, source] of values.sources.entries()) {
      if (values.targets[synapse] !== unit) continue
      for (const spike of trains[values.source]!.filter((train) => train.unit === source)) {
        const time = spike.time.plus(exact(values.delays[synapse]!))
        arrivals.push({ time, weight: values.weights[synapse]!, key: [projection, source, spike.number, synapse] })
      }
    }
  }
  const byKey = (a: KeyedArrival, b: KeyedArrival) =>
    a.key.map((k, i) => k - b.key[i]!).find((difference) => difference !== 0)
  return arrivals.sort((a, b) => a.time.cmp(b.time) || byKey(a, b) || 0)
}

function numbered(spikes: readonly { readonly time: Real; readonly unit: number }[]): readonly Train[] {
  return spikes.map((spike, index) => ({
    ...spike,
    number: spikes.slice(0, index).filter(({ unit }) => unit === spike.unit).length,
  }))
}

describe('the decimal network', () => {
  test('every neuron of a recurrent network does what it does alone under the same arrivals', () => {
    let spikes = 0
    fc.assert(
      fc.property(arbitraryNetwork, (net) => {
        const run = simulateDecimal(net, INPUT, UNTIL)
        const trains: Record<string, readonly Train[]> = {
          in: numbered(INPUT.in.times.map((time, i) => ({ time: exact(time), unit: INPUT.in.units[i] as number }))),
        }
        for (const name of ['a', 'b']) {
          trains[name] = numbered(run.spikes[name]!)
        }
        for (const group of net.groups) {
          if (group.kind !== 'lif') continue
          for (let unit = 0; unit < group.size; unit++) {
            const alone = simulateNeuron(neuronAt(group, unit), arrivalsAt(net, trains, group.name, unit), UNTIL)
            const here = run.spikes[group.name]!.filter((spike) => spike.unit === unit)
            expect(here.map(({ time }) => time.toFixed(40))).toEqual(alone.spikes.map(({ time }) => time.toFixed(40)))
            spikes += here.length
          }
        }
        const readout = { tauMem: 20, tauSynExc: 5, tauSynInh: 7, bias: 0.1 }
        expect(run.maxima.readout).toEqual([maximumOf(readout, arrivalsAt(net, trains, 'readout', 0), UNTIL)])
      }),
      { numRuns: casesOf({ short: 4, long: 8 }) },
    )
    expect(spikes).toBeGreaterThan(0)
  })

  test('exact arrival times differ from rounded ones by rounding only', () => {
    const neuron = { tauMem: 20, tauSynExc: 5, tauSynInh: 5, tauAdapt: 20, bias: 0, threshold: 1 }
    const net: NetworkInstance = {
      groups: [
        { kind: 'source', ...wholeGroup('in', 1) },
        lif('a', [{ ...neuron, vReset: 0, refractory: 0, adaptStep: 0 }]),
        lif('b', [{ ...neuron, vReset: 0, refractory: 0, adaptStep: 0 }]),
      ],
      projections: [
        dense('in', 'a', [1, 1], { weights: [9], delays: [0.1] }),
        dense('a', 'b', [1, 1], { weights: [9], delays: [0.2] }),
      ],
    }
    const input = { in: { times: [0.1], units: [0] } }
    const [ideal] = simulateDecimal(net, input, Number.POSITIVE_INFINITY).spikes.b!
    const [rounded] = simulateDecimal(net, input, Number.POSITIVE_INFINITY, { arrivalTimes: 'double' }).spikes.b!
    const [first] = simulateNeuron(neuronAt(net.groups[1] as LifValues, 0), [{ time: 0, weight: 9 }], 100).spikes
    const expected = first!.time.times(2).plus(exact(0.1).times(2)).plus(exact(0.2))
    expect(ideal!.time.minus(expected).abs().lt('1e-36')).toBe(true)
    const difference = rounded!.time.minus(expected).abs().toNumber()
    expect(difference).toBeGreaterThan(1e-20)
    expect(difference).toBeLessThan(4e-15)
  })
})
