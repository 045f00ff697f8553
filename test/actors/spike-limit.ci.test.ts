import { describe, expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import type { StreamingSession } from '../../src/actors/streaming/spike-stream.js'
import type { KernelKind } from '../../src/dynamics/kernels/kernel-kind.js'
import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { inTurn } from '../support/in-turn.js'
import { INPUTS, limitedNetwork, RUN, SIZE, UNTIL } from './limited-networks.js'

const NETWORKS = [
  ['in whole trials', limitedNetwork('dense', null)],
  ['in whole trials, own arrivals', limitedNetwork('per synapse', null)],
  ['shared arrivals on a cycle', limitedNetwork('dense', 1)],
  ['own arrivals on a cycle', limitedNetwork('per synapse', 1)],
  ['in bins of the window kernel', limitedNetwork('sparse', 1)],
  ['shared arrivals, fused', limitedNetwork('dense', 0)],
  ['own arrivals, fused', limitedNetwork('sparse', 0)],
  ['own arrivals, fused in windows', limitedNetwork('sparse', 0.05)],
] as const

/** Where most spikes per neuron of a block are in a millisecond, worked out by hand: the first of several. */
function crowdOf({ offsets, times, units }: SpikeTrains) {
  const crowds = new Map<
    string,
    { trial: number; firstUnit: number; endUnit: number; time: number; perNeuron: number; last: number }
  >()
  for (let trial = 0; trial + 1 < offsets.length; trial++)
    for (let k = offsets[trial] as number; k < (offsets[trial + 1] as number); k++) {
      const last = times[k] as number
      const firstUnit = 32 * Math.floor((units[k] as number) / 32)
      const endUnit = Math.min(SIZE, firstUnit + 32)
      const time = Math.floor(last)
      const known = crowds.get(`${trial} ${firstUnit} ${time}`)
      const perNeuron = (known?.perNeuron ?? 0) + 1 / (endUnit - firstUnit)
      crowds.set(`${trial} ${firstUnit} ${time}`, { trial, firstUnit, endUnit, time, perNeuron, last })
    }
  const most = Math.max(...[...crowds.values()].map(({ perNeuron }) => perNeuron))
  const [first] = [...crowds.values()].filter(({ perNeuron }) => perNeuron === most).sort((a, b) => a.last - b.last)
  if (first === undefined) throw new Error('nothing fires')
  return first
}

const ONE = [0, INPUTS.in.offsets[1] as number] as const
const OF_ONE = {
  offsets: Uint32Array.from(ONE),
  times: INPUTS.in.times.subarray(...ONE),
  units: INPUTS.in.units.subarray(...ONE),
}

describe.each(NETWORKS.map(([name, cells], turn) => ({ name, cells, turn })))(
  'what a group fires in a millisecond: $name',
  ({ cells, turn }) => {
    const isCut = cells.projections.every(({ delays }) => delays.kind !== 'scalar' || delays.value >= 0.1)
    const runs: readonly (readonly [KernelKind, number])[] = [
      ['simd', 1],
      ['reference', 1],
      ...(isCut ? [['simd', 2] as const] : []),
    ]
    test.each(inTurn(runs, turn))('is counted on %s and %i core(s), to the spike', async (kernel, cores) => {
      const placement = placeOnCores(cells, cores)
      const openWith = (spikeLimit: number) => open(cells, { seed: 3, kernel, placement, spikeLimit })
      /** What has to pass under a limit, and what has to fail under any lower one. */
      async function check(spikes: SpikeTrains, run: (session: StreamingSession) => Promise<unknown>) {
        const { perNeuron, last: _last, ...where } = crowdOf(spikes)
        await using enough = await openWith(perNeuron * (1 + 1e-9))
        await run(enough)
        const limit = perNeuron * (1 - 1e-9)
        await using tight = await openWith(limit)
        const fault = { code: 'SPIKES_TOO_MANY', details: { ...where, group: 'x', limit } }
        await expect(run(tight)).rejects.toMatchObject(fault)
      }
      await using free = await openWith(1e9)
      const { spikes } = await free.simulate(RUN, { record: ['x'] })
      const alone = await free.simulate({ ...RUN, count: 1, inputs: { in: OF_ONE } }, { record: ['x'] })
      expect(crowdOf(spikes.x as SpikeTrains).perNeuron).toBeGreaterThan(0.1)
      await check(spikes.x as SpikeTrains, (session) => session.simulate(RUN))
      // Segments that end inside of a millisecond change nothing.
      await check(alone.spikes.x as SpikeTrains, (session) => {
        return session.stream({ until: UNTIL, segment: 0.7, inputs: { in: OF_ONE } }).done
      })
    })
  },
)
