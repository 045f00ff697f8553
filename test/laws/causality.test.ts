import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import type { NetworkInstance, ProjectionValues } from '../../src/network/instance/instance.js'
import { instantiate } from '../../src/network/instance/instantiate.js'
import { between } from '../support/arbitraries.js'
import { casesOf } from '../support/cases-of.js'
import { type NetworkCase, networkCase, type Wiring } from '../support/network-case.js'
import { expectSameBits } from '../support/same-bits.js'

const SETTINGS = { numRuns: casesOf({ short: 4, long: 20 }), seed: 8, endOnFailure: true }

/** The spikes before an instant. */
function earlierThan({ offsets, times, units }: SpikeTrains, end: number): SpikeTrains {
  const kept = Array.from(times, (_, k) => k).filter((k) => times[k]! < end)
  return {
    offsets: Uint32Array.from(offsets, (offset) => kept.filter((k) => k < offset).length),
    times: Float64Array.from(kept, (k) => times[k]!),
    units: Uint32Array.from(kept, (k) => units[k]!),
  }
}

/** An instant of a run: any, or that of a spike. */
function instantIn(spikes: SpikeTrains, place: number, until: number): number {
  const time = spikes.times[Math.floor(place * 2 * spikes.times.length)]
  return time === undefined || time === 0 ? Math.max(place, 1e-3) * until : time
}

const delayOf = ({ delayShape, delays, sources }: ProjectionValues, s: number): number =>
  delayShape === 'none' ? 0 : delays[delayShape === 'scalar' ? 0 : delayShape === 'perSource' ? sources[s]! : s]!

/** The earliest arrival that excites each neuron of a group in one trial. */
function earliestExcitation(
  { groups, projections }: NetworkInstance,
  name: string,
  trains: Readonly<Record<string, SpikeTrains>>,
  trial: number,
) {
  const earliest = new Float64Array(groups.find((group) => group.name === name)!.size).fill(Number.POSITIVE_INFINITY)
  for (const projection of projections.filter(({ target }) => target === name)) {
    const { offsets, times, units } = trains[projection.source]!
    projection.targets.forEach((n, s) => {
      if (!(projection.weights[s]! > 0)) return
      for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++)
        if (units[k] === projection.sources[s]) earliest[n] = Math.min(earliest[n]!, times[k]! + delayOf(projection, s))
    })
  }
  return earliest
}

const everySpike = (sample: NetworkCase) => ({ ...sample.trials.inputs }) as Record<string, SpikeTrains>

describe.each<Wiring>(['feedForward', 'recurrent', 'immediate'])('a spike never precedes its cause: %s', (wiring) => {
  test('what comes later leaves no trace: input spikes, or the rest of the trial', async () => {
    let kept = 0
    await fc.assert(
      fc.asyncProperty(networkCase(wiring), between(0, 1), async ({ network, trials }, place) => {
        await using session = await open(network)
        const { spikes } = await session.simulate(trials)
        const end = instantIn(spikes.b!, place, trials.until)
        const earlier = { a: earlierThan(spikes.a!, end), b: earlierThan(spikes.b!, end) }
        const cut = await session.simulate({ ...trials, inputs: { in: earlierThan(trials.inputs.in!, end) } })
        expectSameBits({ a: earlierThan(cut.spikes.a!, end), b: earlierThan(cut.spikes.b!, end) }, earlier)
        expectSameBits((await session.simulate({ ...trials, until: end })).spikes, earlier)
        kept += earlier.b.times.length
      }),
      SETTINGS,
    )
    expect(kept).toBeGreaterThan(2 * SETTINGS.numRuns)
  })

  test('no neuron fires before something excites it', async () => {
    let fired = 0
    await fc.assert(
      fc.asyncProperty(networkCase(wiring), async (sample) => {
        const { network, trials } = sample
        await using session = await open(network)
        const { spikes } = await session.simulate(trials)
        const instance = instantiate(network, 0)
        const trains = { ...everySpike(sample), ...spikes }
        for (const name of ['a', 'b'])
          for (let trial = 0; trial < trials.count; trial++) {
            const earliest = earliestExcitation(instance, name, trains, trial)
            const { offsets, times, units } = spikes[name]!
            for (let k = offsets[trial]!; k < offsets[trial + 1]!; k++, fired++)
              expect(times[k]).toBeGreaterThanOrEqual(earliest[units[k]!]!)
          }
      }),
      SETTINGS,
    )
    expect(fired).toBeGreaterThan(10 * SETTINGS.numRuns)
  })
})
