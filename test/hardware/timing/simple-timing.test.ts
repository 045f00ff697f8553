import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ChipProfile } from '../../../src/hardware/profile/chip-profile.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { defineChipProfile } from '../../../src/hardware/profile/parse-chip-profile.js'
import { chipTiming } from '../../../src/hardware/timing/simple-timing.js'
import type { Network } from '../../../src/network/description/network.js'
import { casesOf } from '../../support/cases-of.js'
import { arbitraryRun } from '../counts/arbitrary-run.js'
import { scriptedCase } from '../counts/scripted-case.js'
import { allSynapses } from '../fit/arbitrary-connected.js'

const SEED = 5
const STEPS = 6
const TRIALS = 2
const NS = { unit: 'ns', provenance: 'assumed', source: 'a test' } as const
const WORK = { idle: 2, neuronUpdate: 3, spikeOut: 5, packetOut: 97, packetIn: 11, synapse: 13 }

/** The chip with these latencies, and barriers by tiles on one chip, else by chips. */
function timed(profile: ChipProfile): ChipProfile {
  const figure = (value: number) => ({ ...NS, value })
  const latency = Object.fromEntries(Object.entries(WORK).map(([name, value]) => [name, figure(value)]))
  const barrier = [1, 4].map((chips) => ({ chips, time: figure(1000 * chips) }))
  const tileBarrier = [2, 4].map((tiles) => ({ tiles, time: figure(100 * tiles) }))
  return defineChipProfile({
    ...profile,
    time: { ...profile.time, barrier, tileBarrier },
    latency: { ...profile.latency, ...latency },
  })
}

/** The steps of the spikes of each unit that spikes, by trial, of every group but readouts. */
function spikesOf(network: Network, chance: (key: string) => number): ReadonlyMap<string, ReadonlySet<number>> {
  const steps = new Map<string, Set<number>>()
  for (const { name, size } of network.groups)
    for (let trial = 0; trial < TRIALS; trial++)
      for (let unit = 0; unit < size; unit++)
        for (let step = 1; step <= STEPS; step++)
          if (chance(`${name} ${trial} ${unit} ${step}`) < 0.2) {
            const key = `${trial} ${name} ${unit}`
            steps.set(key, (steps.get(key) ?? new Set()).add(step))
          }
  return steps
}

function rasterOf({ groups }: Network, spikes: ReadonlyMap<string, ReadonlySet<number>>) {
  return Object.fromEntries(
    groups.map(({ name, size }) => {
      const trials = Array.from({ length: TRIALS }, (_, trial) =>
        Array.from({ length: STEPS }, (__, k) =>
          Array.from({ length: size }, (___, unit) => unit)
            .filter((unit) => spikes.get(`${trial} ${name} ${unit}`)?.has(k + 1))
            .map((unit) => ({ unit, time: k + 0.5 })),
        ).flat(),
      )
      const all = trials.flat()
      return [
        name,
        {
          offsets: Uint32Array.of(0, trials[0]!.length, all.length),
          times: Float64Array.from(all, ({ time }) => time),
          units: Uint32Array.from(all, ({ unit }) => unit),
        },
      ]
    }),
  )
}

it('is what each core does in each step, one spike and one synapse after the other', () => {
  fc.assert(
    fc.property(arbitraryRun, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (run, numbers) => {
      const { network, placement } = run
      const profile = timed(run.profile)
      const spikes = spikesOf(network, () => numbers.next().value as number)
      const synapses = allSynapses(network, SEED)
      const isSource = (name: string) => network.groups.some((group) => group.name === name && group.kind === 'source')
      const coreOf = (name: string, unit: number) =>
        placement.cores.findIndex(({ slices }) =>
          slices.some(({ group, start, end }) => group === name && start <= unit && unit < end),
        )
      const ends = synapses.map(({ from, unit, to, neuron }) => {
        return { from: `${from} ${unit}`, to: `${to} ${neuron}`, of: coreOf(from, unit), at: coreOf(to, neuron) }
      })
      const units = network.groups.flatMap(({ name, size }) =>
        Array.from({ length: size }, (_, unit) => ({ name, key: `${name} ${unit}`, core: coreOf(name, unit) })),
      )
      const chips = new Set(placement.cores.map(({ chip }) => chip)).size
      const tiles = new Set(
        placement.cores.map(({ chip, core }) => `${chip} ${Math.floor(core / profile.chip.coresPerTile)}`),
      ).size
      const barrier = chips > 1 ? 1000 * chips : tiles < 4 ? 200 : 400
      let total = 0
      for (let trial = 0; trial < TRIALS; trial++)
        for (let step = 1; step <= STEPS; step++) {
          const fires = (key: string, at: number) => spikes.get(`${trial} ${key}`)?.has(at) === true
          const arrived = new Set(ends.filter(({ from }) => fires(from, step - 1)).map(({ to }) => to))
          const now = ends.filter(({ from }) => fires(from, step))
          const packets = [...new Set(now.map(({ from, of, at }) => `${of} ${at} ${from}`))].map((each) =>
            each.split(' ').map(Number),
          )
          const senders = [...new Set(now.map(({ from, of }) => `${of} ${from}`))]
          const times = placement.cores.flatMap((_, core) => {
            const here = units.filter((unit) => unit.core === core && !isSource(unit.name))
            const spiking = here.filter(({ key }) => fires(key, step)).length
            const active = here.filter(({ key }) => fires(key, step) || arrived.has(key)).length
            const out = profile.routing.multicast
              ? senders.filter((each) => each.startsWith(`${core} `)).length
              : packets.filter(([of]) => of === core).length
            const into = packets.filter(([, at]) => at === core).length
            const events = now.filter(({ at }) => at === core).length
            return [
              here.length * WORK.idle + active * WORK.neuronUpdate + spiking * WORK.spikeOut + out * WORK.packetOut,
              into * WORK.packetIn + events * WORK.synapse,
            ]
          })
          total += Math.max(...times) + barrier
        }
      const timing = chipTiming(rasterOf(network, spikes), network, placement, profile, { until: STEPS, seed: SEED })
      expect(timing).toMatchObject({ steps: TRIALS * STEPS, chips, tiles, total: { value: total, unknown: [] } })
      expect(timing?.barrier.value).toBe(barrier)
      expect(timing?.mean.value).toBe(total / (TRIALS * STEPS))
    }),
    { numRuns: casesOf({ short: 10, long: 100 }), seed: 95 },
  )
})

const CHAIN = { core: { i: 0, a: 21 }, edges: ['i>a'], steps: 3, inputs: { i: [1] } }

it('names what is unknown and happens, and what the longest step waits for', () => {
  const loihi = chipProfile('loihi')
  const { network, placement, raster, until } = scriptedCase(CHAIN, loihi)
  const timing = chipTiming(raster, network, placement, loihi, { until })
  // A neuron in three steps, in one of them active; each with a barrier of 110 to 470 ns.
  expect(timing?.total).toMatchObject({ value: null, atMost: null, atLeast: 3 * 5.3 + 3.1 + 3 * 110 })
  expect(timing?.total.unknown.toSorted()).toEqual(['latency.packetIn', 'latency.packetOut', 'latency.spikeOut'])
  expect(timing?.longest).toEqual({ trial: 0, step: 2, atLeast: 8.4, core: { chip: 0, core: 21 } })
})

it.each(['brainscales2', 'spinnaker'])('is nothing on %s, which has no steps or no latencies', (name) => {
  const profile = chipProfile(name)
  const core = { i: 0, a: 0 }
  const { network, placement, raster, until } = scriptedCase({ ...CHAIN, core }, profile)
  expect(chipTiming(raster, network, placement, profile, { until })).toBeNull()
})
