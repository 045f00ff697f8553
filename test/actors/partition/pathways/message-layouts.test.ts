import { expect, test } from 'vitest'
import { measuredVectorStream } from '../../../../src/actors/partition/pathways/measured-vector-stream.js'
import { arrivalAt, type LayoutRun, messageLayouts } from '../../../../src/actors/partition/pathways/message-layouts.js'
import { pathwayTable, type SharedRouteOf } from '../../../../src/actors/partition/pathways/pathway-table.js'
import { definePlacement } from '../../../../src/hardware/define-placement.js'
import { firstSpike, liIntegral, vMax } from '../../../../src/learning/define-loss.js'
import type { Loss } from '../../../../src/learning/loss.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, dense } from '../../../../src/network/description/projections.js'
import { li } from '../../../../src/network/models/li.js'
import { lif } from '../../../../src/network/models/lif.js'
import { createLocalVectorStream } from '../../../../src/streams/pathways/local-ends.js'

const NEURON = { tauMem: 20, tauSyn: 5 }
const NETWORK = defineNetwork({
  groups: { in: source(2), out: lif(2, { ...NEURON, threshold: 1 }), readout: li(34, NEURON) },
  projections: [connect('in', 'out', dense(1)), connect('in', 'readout', dense(1), { delay: 1 })],
})
const PLACEMENT = definePlacement(NETWORK, [
  [
    { group: 'in', start: 0, end: 2 },
    { group: 'readout', start: 0, end: 32 },
  ],
  [
    { group: 'out', start: 0, end: 2 },
    { group: 'readout', start: 32, end: 34 },
  ],
])
const TABLE = pathwayTable(NETWORK, PLACEMENT)
const LAYOUTS = messageLayouts(NETWORK, TABLE)
const TO_LOSS = TABLE.losses.find(({ slice }) => slice.start === 32)!.stream

const run = (loss: Loss | null, inputTimes = false): LayoutRun => ({
  inputTimes,
  loss: loss && { loss, labels: null, silentLabelHinge: 0, silentHinge: {} },
  trials: { count: 3 },
})
const readout = (core: number, loss: Loss | null) => arrivalAt(core, LAYOUTS.get(TO_LOSS), run(loss))

test('what a readout sends, and what returns, is a matter of the loss', () => {
  expect(readout(0, vMax('readout'))).toEqual({ kind: 'vector', lengths: [3 * 2 * 2] })
  expect(readout(1, vMax('readout'))).toEqual({ kind: 'vector', lengths: [3 * 2] })
  expect(readout(0, liIntegral('readout'))).toEqual({ kind: 'vector', lengths: [3 * 2] })
  expect(readout(1, liIntegral('readout'))).toEqual({ kind: 'vector', lengths: [3 * 2] })
  for (const loss of [null, firstSpike('out')]) expect(readout(0, loss)).toBeUndefined()
})

test('gradients return for what a source was given where somebody asks, for what neurons send always', () => {
  const groups = { in: source(2), noise: poisson(2, { rate: 10 }), out: lif(2, { ...NEURON, threshold: 1 }) }
  const delay = { delay: 1 }
  const network = defineNetwork({
    groups: { ...groups, last: lif(2, { ...NEURON, threshold: 1 }) },
    projections: [
      connect('in', 'out', dense(1), delay),
      connect('noise', 'out', dense(1), delay),
      connect('out', 'last', dense(1), delay),
    ],
  })
  const placement = definePlacement(network, [
    ['in', 'noise', 'last'].map((group) => ({ group, start: 0, end: 2 })),
    [{ group: 'out', start: 0, end: 2 }],
  ])
  const table = pathwayTable(network, placement)
  const layouts = messageLayouts(network, table)
  const returned = (name: string, inputTimes: boolean) => {
    const route = table.routes.find(({ source }) => source.group === name)
    return route && arrivalAt(route.source.core, layouts.get(route.stream), run(null, inputTimes))
  }
  const sums = { kind: 'gradients', sums: 1 }
  expect(['in', 'noise', 'out'].map((name) => returned(name, false))).toEqual([undefined, undefined, sums])
  // A source that is given its spikes is where it is heard: what returns for them never leaves a core.
  expect(['in', 'noise', 'out'].map((name) => returned(name, true))).toEqual([undefined, undefined, sums])
})

test('what returns for a shared route is for all of its branches at once', () => {
  const size = { a: 2, b: 97, c: 2 }
  const neurons = (count: number) => lif(count, { ...NEURON, threshold: 1 })
  const network = defineNetwork({
    groups: { a: neurons(size.a), b: neurons(size.b), c: neurons(size.c) },
    projections: [connect('a', 'b', dense(1), { delay: 1 }), connect('a', 'c', dense(1), { delay: 1 })],
  })
  const placement = definePlacement(network, [
    [
      { group: 'a', start: 0, end: 2 },
      { group: 'b', start: 0, end: 32 },
    ],
    [
      // Two subtrees of the four blocks: one, and two.
      { group: 'b', start: 32, end: 97 },
      { group: 'c', start: 0, end: 2 },
    ],
  ])
  const table = pathwayTable(network, placement)
  const [{ stream }] = table.routes as [SharedRouteOf]
  const layout = messageLayouts(network, table).get(stream)
  expect(arrivalAt(1, layout, run(null))).toMatchObject({ kind: 'spikes', units: { start: 0, end: 2 } })
  expect(arrivalAt(0, layout, run(null))).toEqual({ kind: 'gradients', sums: 2 + 1 })
})

test('every stream has a layout, and brings something to another core alone', () => {
  const streams = [...TABLE.routes, ...TABLE.losses, ...TABLE.partialSums, ...TABLE.taus].map(({ stream }) => stream)
  expect([...LAYOUTS.keys()]).toEqual(streams)
  for (const [stream, { from, to }] of LAYOUTS)
    for (const core of [0, 1])
      if (from === to) expect(arrivalAt(core, LAYOUTS.get(stream), run(vMax('readout')))).toBeUndefined()
})

test('whoever sends a vector is held to the layout by which it would be received', () => {
  const sent: number[] = []
  const local = createLocalVectorStream((deliver) => deliver())
  local.values$.subscribe(({ length }) => sent.push(length))
  local.returned$.subscribe(({ length }) => sent.push(length))
  let current = run(liIntegral('readout'))
  const vectorStream = measuredVectorStream(local, TO_LOSS, LAYOUTS.get(TO_LOSS), () => current)
  vectorStream.sendValues(new Float64Array(6))
  vectorStream.sendReturned(new Float64Array(6))
  expect(() => vectorStream.sendValues(new Float64Array(6))).toThrow('6 numbers would be sent in place of nothing')
  current = run(liIntegral('readout'))
  expect(() => vectorStream.sendValues(new Float64Array(12))).toThrow('12 numbers would be sent in place of one of 6')
  expect(() => vectorStream.sendReturned(new Float64Array(5))).toThrow('5 numbers would be sent in place of one of 6')
  current = { ...run(liIntegral('readout')), trials: { count: 11 }, microBatch: 8 }
  for (const length of [8 * 2, 3 * 2]) vectorStream.sendValues(new Float64Array(length))
  expect(() => vectorStream.sendValues(new Float64Array(6))).toThrow('in place of nothing')
  current = run(vMax('readout'))
  vectorStream.sendValues(new Float64Array(12))
  current = run(null)
  expect(() => vectorStream.sendValues(new Float64Array(12))).toThrow('in place of nothing')
  expect(sent).toEqual([6, 6, 16, 6, 12])
})
