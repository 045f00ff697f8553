import { expect, test } from 'vitest'
import { open } from '../../../../src/actors/open.js'
import type { KernelKind } from '../../../../src/dynamics/kernels/kernel-kind.js'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, fixedInDegree, synapses } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'

const [SIZE, TRIALS, UNTIL, BIN] = [128, 64, 3, 0.25]
/** About what the voltage of all neurons comes to, soon after its input; it falls as quickly. */
const PEAK = 0.096

/** Excitation and inhibition arrive at once; the latter prevails a quarter of a ms later, before a bin of time is over. */
const network = defineNetwork({
  groups: {
    in: source(2),
    silent: source(10),
    cells: lif(SIZE, {
      ...{ tauMem: 10, tauSynExc: 1, tauSynInh: 8 },
      threshold: Array.from({ length: SIZE }, (_, n) => PEAK * (0.8 + (0.25 * n) / SIZE)),
    }),
  },
  projections: [
    connect('silent', 'cells', fixedInDegree(100, 1, { multiple: true })),
    connect(
      'in',
      'cells',
      synapses(Array.from({ length: 2 * SIZE }, (_, k) => [k % 2, k >> 1, k % 2 === 0 ? 40 : -32])),
    ),
  ],
})

async function spikesOn(kernel: KernelKind) {
  await using session = await open(network, { seed: 1, kernel })
  expect(session.kernels.map(({ engine }) => engine)).toEqual([kernel === 'simd' ? 'window' : 'reference'])
  const times = Float64Array.from({ length: 2 * TRIALS }, (_, k) => 1 + (BIN * (k >> 1)) / TRIALS)
  const units = Uint32Array.from(times, (_, k) => k % 2)
  const offsets = Uint32Array.from({ length: TRIALS + 1 }, (_, trial) => 2 * trial)
  const silent = { times: new Float64Array(0), units: new Uint32Array(0), offsets: new Uint32Array(TRIALS + 1) }
  const inputs = { in: { times, units, offsets }, silent }
  return (await session.simulate({ count: TRIALS, until: UNTIL, inputs }, { record: ['cells'] })).spikes.cells!
}

test('no neuron is passed over whose voltage turns within a bin, wherever that begins', async () => {
  const [found, expected] = [await spikesOn('simd'), await spikesOn('reference')]
  expect([...found.offsets]).toEqual([...expected.offsets])
  expect([...found.units]).toEqual([...expected.units])
  found.times.forEach((time, k) => {
    expect(Math.abs(time - expected.times[k]!)).toBeLessThan(1e-9)
  })
  expect(found.times.length).toBeGreaterThan((SIZE * TRIALS) / 4)
  expect(found.times.length).toBeLessThan(SIZE * TRIALS)
})
