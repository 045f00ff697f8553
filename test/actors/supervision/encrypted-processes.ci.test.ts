import { afterEach, expect, test } from 'vitest'
import { open } from '../../../src/actors/open.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import type { AddressListener } from '../../../src/actors/supervision/cluster-spec.js'
import type * as secrets from '../../../src/actors/supervision/links/link-secrets.js'
import type * as launchers from '../../../src/actors/supervision/open-process-launcher.js'
import type * as clusters from '../../../src/actors/supervision/start-cluster.js'
import { placementHash } from '../../../src/hardware/placement-hash.js'
import { structureHash } from '../../../src/network/file/structure-hash.js'
import { builtFile } from '../../support/built-file.js'
import { createAuthority } from '../../support/certificates.js'
import { clusterSpec } from '../../support/cluster-spec.js'
import { expectSameBits } from '../../support/same-bits.js'
import { childrenOf, isAlive, placement } from '../built-cluster.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { COUNT, LABELS } from '../small-networks.js'

/** Processes start from the build alone, so whatever starts them comes from there, too. */
const built = (module: string) => import(builtFile(`actors/supervision/${module}.js`).href)
const { openProcessLauncher } = (await built('open-process-launcher')) as typeof launchers
const { startCluster } = (await built('start-cluster')) as typeof clusters
const { drawLinkSecrets } = (await built('links/link-secrets')) as typeof secrets

const PLACEMENT = placement(3)

const SPEC = clusterSpec({
  structure: structureHash(NETWORK),
  placement: placementHash(PLACEMENT),
  heartbeat: 150_000,
  startLimit: 60_000,
})

afterEach(() => {
  expect(childrenOf(process.pid)).toEqual([])
})

/** A session over two processes, of which one holds two cores. */
async function started(place: AddressListener) {
  const launcher = await openProcessLauncher({ dealt: [[0, 1], [2]], spec: SPEC, secrets: drawLinkSecrets(), place })
  const start = { seed: 7, network: NETWORK, placement: PLACEMENT, launcher, startLimit: SPEC.startLimit }
  const { partitions, supervisor } = await startCluster(start)
  const close = () => supervisor.close()
  const session = createSession({ network: NETWORK, placement: PLACEMENT, partitions, close }, { seed: 7 })
  return { launcher, session }
}

test('processes over links that keys encrypt come to the same bits, and all end', async () => {
  const { launcher, session } = await started({ host: '127.0.0.1', security: { kind: 'psk' } })
  await using here = await open(NETWORK, { seed: 7 })
  expectSameBits(await session.simulate(TRIALS), await here.simulate(TRIALS))
  expectSameBits(await session.gradient(TRIALS, COUNT, LABELS), await here.gradient(TRIALS, COUNT, LABELS))
  await session.close()
  expect(launcher.coreWorkers.map(({ id }) => isAlive(id))).toEqual([false, false])
  const ends = await Promise.all(launcher.coreWorkers.map(({ ended }) => ended))
  expect(ends).toEqual([
    { exitCode: 0, signal: null, lastWords: '' },
    { exitCode: 0, signal: null, lastWords: '' },
  ])
})

test('a process over encrypted links that is killed is named', async () => {
  const { launcher, session } = await started({ host: '127.0.0.1', security: { kind: 'psk' } })
  await session.simulate(TRIALS)
  launcher.coreWorkers[1]?.kill()
  await expect(session.gradient(TRIALS, COUNT, LABELS)).rejects.toMatchObject({
    code: 'CORE_DIED',
    details: { core: 2, signal: 'SIGKILL' },
  })
  await session.close()
})

test('a process that cannot trust the one who listens says so', async () => {
  // Its authority is known to nobody.
  const { cert, key } = createAuthority().issue({ hosts: ['127.0.0.1'] })
  const place = { host: '127.0.0.1', security: { kind: 'certificate', cert, key } } as const
  await expect(started(place)).rejects.toMatchObject({
    code: 'CORE_DIED',
    message: expect.stringContaining('certificate of the other side: found one of an unknown authority'),
  })
})
