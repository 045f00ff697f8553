import { afterEach, describe, expect, test, vi } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import { startCluster } from '../../../src/actors/supervision/start-cluster.js'
import { definePlacement } from '../../../src/hardware/define-placement.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { Placement } from '../../../src/hardware/placement.js'
import { HEADER_BYTES } from '../../../src/streams/wire/frame.js'
import { expectSameBits } from '../../support/same-bits.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { COUNT, LABELS } from '../small-networks.js'
import { type MemoryLauncherOptions, memoryLauncher } from './memory-launcher.js'

/** A session over cores of which some share a core worker. */
async function sessionOn(placement: Placement, options: Partial<MemoryLauncherOptions>) {
  const launcher = memoryLauncher({ network: NETWORK, placement, ...options })
  const { partitions, supervisor } = await startCluster({
    seed: 7,
    network: NETWORK,
    placement,
    launcher,
    startLimit: 5000,
  })
  const close = () => supervisor.close()
  return { launcher, session: createSession({ network: NETWORK, placement, partitions, close }, { seed: 7 }) }
}

const THREE = placeOnCores(NETWORK, 3)

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('a core worker of several cores', () => {
  test.each([[[[0, 1, 2]]], [[[0], [1, 2]]], [[[0, 1], [2]]]])('of %j does what each would alone', async (dealt) => {
    const { launcher, session } = await sessionOn(THREE, { dealt })
    await using here = await open(NETWORK, { seed: 7 })
    expectSameBits(await session.simulate(TRIALS), await here.simulate(TRIALS))
    expectSameBits(await session.gradient(TRIALS, COUNT, LABELS), await here.gradient(TRIALS, COUNT, LABELS))
    await session.close()
    // Every core worker is told once, and ends by itself.
    expect([...launcher.ended].sort()).toEqual([...dealt.map(([first]) => `${first} dismiss`), 'launcher'])
  })

  test('dies with all of them', async () => {
    const { launcher, session } = await sessionOn(THREE, { dealt: [[0, 1], [2]] })
    await session.simulate(TRIALS)
    launcher.die(1, { exitCode: 9, signal: null, lastWords: 'oh' })
    const failed = session.gradient(TRIALS, COUNT, LABELS)
    await expect(failed).rejects.toMatchObject({ code: 'CORE_DIED', details: { core: 0, cores: '0, 1', exitCode: 9 } })
    await session.close()
  })

  test('falls silent as one of them', async () => {
    const { launcher, session } = await sessionOn(THREE, { dealt: [[0, 1], [2]] })
    for (const core of [0, 1]) launcher.freeze(core)
    const failed = await session.simulate(TRIALS).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'CORE_SILENT' })
    expect([0, 1]).toContain((failed as { details: { core: number } }).details.core)
    await session.close()
  })

  test('is heard over the links of idle cores while another computes', async () => {
    const placement = definePlacement(NETWORK, [
      [{ group: 'in', start: 0, end: 5 }],
      [
        { group: 'hidden', start: 0, end: 64 },
        { group: 'out', start: 0, end: 3 },
      ],
    ])
    // No timer gives a sign of life, and whoever looks at the clock finds that one is due.
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { launcher, session } = await sessionOn(placement, { dealt: [[0, 1]] })
    let now = 1e9
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1000
      return now
    })
    const heartbeats = launcher.workers.map(({ port }) => {
      const sent = vi.spyOn(port, 'send')
      return () => sent.mock.calls.filter(([frame]) => frame.byteLength === HEADER_BYTES).length
    })
    await session.simulate(TRIALS)
    for (const count of heartbeats) expect(count()).toBeGreaterThan(0)
    vi.restoreAllMocks()
    vi.useRealTimers()
    await session.close()
  })
})
