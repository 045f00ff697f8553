import fc from 'fast-check'
import { expect, it } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, fixedInDegree, oneToOne } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { INPUTS, SIZE } from '../../../support/arbitrary-window-network.js'
import { casesOf } from '../../../support/cases-of.js'
import { AT_ONCE, driveKernel } from '../../../support/drive-kernel.js'
import { driveSegments } from '../../../support/drive-segments.js'
import { expectSameBits } from '../../../support/same-bits.js'
import { forwardOptions, randomTrains, windowGroupOf, windowKernel } from '../../../support/window-case.js'

const UNTIL = 40

/** Two Poisson inputs whose counting intervals overlap, of 4 and of 8 bins, and inhibition from outside. */
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

it('ends segments anywhere, in bins and at spikes, and goes on with the same bits where it draws the Poisson inputs itself', () => {
  const seen = { spikes: 0, held: 0, stops: 0 }
  expect(windowGroupOf(driven, 'cells').poissonInputs.size).toBe(2)
  const place = fc.double({ min: 0.001, max: 0.999, noNaN: true })
  const picks = fc.array(fc.record({ place, atSpike: fc.boolean(), moves: fc.boolean() }), {
    minLength: 1,
    maxLength: 8,
  })
  const create = () => windowKernel(driven, 'cells')
  fc.assert(
    fc.property(picks, (picked) => {
      const trains = [randomTrains(INPUTS, 0.05, UNTIL, 2, 'segments')]
      const run = { trains, options: forwardOptions(UNTIL, { trials: 2 }), peakGradients: null }
      const whole = driveKernel(create(), run, AT_ONCE)
      const { times } = whole.spikes
      const stops = picked
        .map(({ place: share, atSpike, moves }) => {
          const spike = atSpike ? times[Math.floor(share * times.length)] : undefined
          return { time: spike ?? share * UNTIL, moves }
        })
        .toSorted((a, b) => a.time - b.time)
        .filter(({ time }, k, all) => time > 0 && time !== all[k - 1]?.time)
      const result = driveSegments({
        ...{ create, trains, stops, options: forwardOptions(UNTIL, { trials: 2, segmented: true }) },
        onState: ({ inFlight }) => {
          seen.held += Object.values(inFlight).reduce((sum, spikes) => sum + spikes.times.length, 0)
        },
      })
      expectSameBits(result, { spikes: whole.spikes, silent: whole.silent })
      seen.spikes += times.length
      seen.stops += stops.length
    }),
    { numRuns: casesOf({ short: 5, long: 20 }), seed: 2 },
  )
  expect(seen.spikes).toBeGreaterThan(casesOf({ short: 250, long: 1000 }))
  expect(seen.stops).toBeGreaterThan(casesOf({ short: 10, long: 40 }))
  expect(seen.held).toBeGreaterThan(casesOf({ short: 10, long: 40 }))
})
