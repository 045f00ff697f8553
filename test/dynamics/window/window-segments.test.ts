import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { WindowKernel } from '../../../src/dynamics/window/window-kernel.js'
import type { SpikeBatch } from '../../../src/events/spike-batch.js'
import type { SpikeTrains } from '../../../src/events/spike-trains.js'
import { defineNetwork } from '../../../src/network/define-network.js'
import { poisson } from '../../../src/network/emitting-sources.js'
import { lif, source } from '../../../src/network/groups.js'
import { uniform } from '../../../src/network/initializers.js'
import type { Network } from '../../../src/network/network.js'
import { connect, fixedInDegree, oneToOne } from '../../../src/network/projections.js'
import { INPUTS, networkOf, SIZE, windowSample } from '../../support/arbitrary-window-network.js'
import { casesOf } from '../../support/cases-of.js'
import { cutTrains } from '../../support/drive-kernel.js'
import { forwardOptions, randomTrains, trainsByNeuron, windowKernel, windowPlanOf } from '../../support/window-case.js'

const UNTIL = 40

interface Stop {
  readonly time: number
  /** Another kernel, which has seen nothing, goes on from the state. */
  readonly moves: boolean
}

/** Two drives whose frames overlap, of 4 and of 8 cells, and inhibition from outside. */
const driven = defineNetwork({
  groups: {
    often: poisson(SIZE, { rate: 6500, start: 3 }),
    rarely: poisson(SIZE, { rate: 3000, stop: 30 }),
    input: source(INPUTS),
    cells: lif(SIZE, { tauMem: 20, tauSyn: 5, threshold: 5, refractory: 0.4 }),
  },
  projections: [
    connect('often', 'cells', oneToOne(0.12), { delay: 2 }),
    connect('rarely', 'cells', oneToOne(0.4)),
    connect('input', 'cells', fixedInDegree(150, -0.02, { multiple: true }), { delay: 0.7 }),
  ],
})

function runSegments(network: Network, trains: SpikeTrains, stops: readonly Stop[], seen: { held: number }) {
  const options = forwardOptions(UNTIL, { trials: 2, segmented: true })
  const ends = [...stops, { time: UNTIL, moves: false }]
  const batches = cutTrains(
    trains,
    stops.map(({ time }) => time),
    UNTIL,
  )
  let kernel: WindowKernel = windowKernel(network, 'cells')
  kernel.begin(options)
  return ends.map(({ time, moves }, segment) => {
    kernel.inputs.forEach((_, input) => {
      kernel.receive(input, batches[segment]!)
    })
    const spikes = kernel.advance(time, time)
    if (moves) {
      const state = kernel.saveState()
      seen.held += Object.values(state.inFlight).reduce((sum, { times }) => sum + times.length, 0)
      kernel = windowKernel(network, 'cells')
      kernel.resume(options, time, state)
    }
    return spikes
  })
}

it('ends segments anywhere, in cells and at spikes, and goes on with the same bits, here or elsewhere', () => {
  const seen = { spikes: 0, driven: 0, held: 0, stops: 0 }
  expect(windowPlanOf(driven, 'cells').drives.size).toBe(2)
  const place = fc.double({ min: 0.001, max: 0.999, noNaN: true })
  const picks = fc.array(fc.record({ place, atSpike: fc.boolean(), moves: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(fc.oneof(windowSample.map(networkOf), fc.constant(driven)), picks, (network, picked) => {
      const trains = randomTrains(INPUTS, 0.05, UNTIL, 2, 'segments')
      const whole = windowKernel(network, 'cells')
      whole.begin(forwardOptions(UNTIL, { trials: 2 }))
      whole.inputs.forEach((_, input) => {
        whole.receive(input, cutTrains(trains, [], UNTIL)[0]!)
      })
      const expected = whole.advance(UNTIL, UNTIL)
      const { times } = expected
      const stops = picked.map(({ place: share, atSpike, moves }): Stop => {
        const spike = atSpike ? times[Math.floor(share * times.length)] : undefined
        return { time: spike ?? share * UNTIL, moves }
      })
      const inOrder = stops
        .toSorted((a, b) => a.time - b.time)
        .filter(({ time }, k, all) => time > 0 && time !== all[k - 1]?.time)
      const parts = runSegments(network, trains, inOrder, seen)
      parts.forEach(({ times: shown }, k) => {
        const [from, to] = [inOrder[k - 1]?.time ?? 0, inOrder[k]?.time ?? UNTIL]
        expect(shown.every((time) => time >= from && time < to)).toBe(true)
      })
      expect(trainsByNeuron(parts, SIZE)).toEqual(trainsByNeuron([expected], SIZE))
      if (network === driven) seen.driven += times.length
      seen.spikes += times.length
      seen.stops += inOrder.length
    }),
    { numRuns: casesOf({ short: 10, long: 40 }), seed: 2 },
  )
  expect(seen.spikes).toBeGreaterThan(casesOf({ short: 2500, long: 10_000 }))
  expect(seen.driven).toBeGreaterThan(casesOf({ short: 250, long: 1000 }))
  expect(seen.stops).toBeGreaterThan(casesOf({ short: 20, long: 80 }))
  expect(seen.held).toBeGreaterThan(casesOf({ short: 75, long: 300 }))
})

it('knows after it has gone on elsewhere who was silent and who was not', () => {
  const options = forwardOptions(UNTIL, { trials: 2, segmented: true })
  const trains = randomTrains(INPUTS, 0.05, UNTIL, 2, 'silence')
  const network = networkOf({
    neuron: { taus: [10, 8], refractory: 0, bias: 0, vReset: 0, threshold: uniform(10, 60) },
    projections: [{ weights: 0.6, delay: undefined }],
  })
  const first = windowKernel(network, 'cells')
  first.begin(options)
  const [early, late] = cutTrains(trains, [UNTIL / 2], UNTIL) as [SpikeBatch, SpikeBatch]
  first.receive(0, early)
  const before = first.advance(UNTIL / 2, UNTIL / 2)
  const rest = windowKernel(network, 'cells')
  rest.resume(options, UNTIL / 2, first.saveState())
  const expectSilence = (parts: readonly SpikeTrains[]) => {
    const silent = trainsByNeuron(parts, SIZE).map((times) => times.length === 0)
    expect(silent.map((_, at) => rest.isSilent(Math.floor(at / SIZE), at % SIZE))).toEqual(silent)
    return silent.filter(Boolean).length
  }
  const quiet = expectSilence([before])
  rest.receive(0, late)
  const quieter = expectSilence([before, rest.advance(UNTIL, UNTIL)])
  expect(quiet).toBeLessThan(2 * SIZE)
  expect(quieter).toBeLessThan(quiet)
  expect(quieter).toBeGreaterThan(0)
})
