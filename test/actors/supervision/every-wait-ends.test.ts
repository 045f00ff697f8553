import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { engageWorker } from '../../../src/actors/fleet/engage-worker.js'
import { SUBJECTS } from '../../../src/actors/fleet/fleet-messages.js'
import { createSession } from '../../../src/actors/session/create-session.js'
import type { CoreWorkerEnd } from '../../../src/actors/supervision/failure-report.js'
import { controlOptions, workerControlOptions } from '../../../src/actors/supervision/links/cluster-link-options.js'
import { SOCKETS } from '../../../src/actors/supervision/links/link-carrier.js'
import { drawLinkSecrets } from '../../../src/actors/supervision/links/link-secrets.js'
import { runCoreWorker } from '../../../src/actors/supervision/run-core-worker.js'
import { startCluster } from '../../../src/actors/supervision/start-cluster.js'
import { createDeferred } from '../../../src/events/deferred.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import { createLink } from '../../../src/streams/links/create-link.js'
import { COORDINATOR } from '../../../src/streams/links/link-options.js'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'
import { clusterSpec } from '../../support/cluster-spec.js'
import { eventually } from '../../support/eventually.js'
import { board, fakeFleet, fakeWorker, launcherOf, sealedSpec } from '../fleet/fake-fleet.js'
import { NETWORK, TRIALS } from '../layered-network.js'
import { COUNT, LABELS, step } from '../small-networks.js'
import { memoryLauncher } from './memory-launcher.js'

const PLACEMENT = placeOnCores(NETWORK, 3)
type Session = ReturnType<typeof createSession>
type Sent = Readonly<Record<string, unknown>>

/** A cluster of which core 2 says no word of a type; it gives signs of life all the same. */
async function withoutWord(type: string) {
  const forge = (core: number, value: unknown) => {
    const { type: own, value: reply } = value as Sent
    // How it is doing it says.
    const isStatus = Object.hasOwn((reply as object | undefined) ?? {}, 'progress')
    const isMuffled = core === 2 && own === type && !isStatus
    // The coordinator takes news of modules that are not loaded for nothing.
    return isMuffled ? { type: 'loading', module: null } : value
  }
  const launcher = memoryLauncher({ network: NETWORK, placement: PLACEMENT, silence: 600_000, forge })
  const parts = { network: NETWORK, placement: PLACEMENT, seed: 7 }
  const { partitions, supervisor } = await startCluster({ ...parts, launcher, startLimit: 300, stall: 100 })
  return createSession({ ...parts, partitions, close: () => supervisor.close() }, parts)
}

const started = (call: (session: Session) => Promise<unknown>) => async () => {
  const session = await withoutWord('reply')
  try {
    await call(session)
  } finally {
    await session.close()
  }
}

/** A listener that takes connections and says nothing. */
async function dialMute(): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  const own = board()
  const worker = await fakeWorker(own, 'mute', { opens: false })
  const engaging = { rendezvous: own.join('c'), session: 's', carrier: SOCKETS, insecure: false }
  const wanted = {
    offer: await worker.offer(),
    stamp: { run: 'r', epoch: 0, start: 1 },
    host: 0,
    spec: sealedSpec([0], { startLimit: 100, heartbeat: 20, silence: 100 }),
    ended: createDeferred<CoreWorkerEnd>(),
  }
  try {
    const engaged = engageWorker(engaging, wanted)
    engaged.catch(() => undefined)
    await eventually(() => worker.processes.length === 1)
    worker.processes[0]!.door.resolve({ url: `ws://127.0.0.1:${port}`, security: null })
    await engaged
  } finally {
    server.close()
  }
}

/** A core whose coordinator greets, and then says no word, or that the start is over and nothing more. */
async function coreOf(says: 'no word' | 'watch'): Promise<void> {
  const [startLimit, coordinatorSilence] = says === 'watch' ? [600_000, 50] : [50, 50]
  const spec = clusterSpec({ startLimit, heartbeat: 10, coordinatorSilence })
  let isMute = false
  const ports = createMemoryPorts((arrive) => queueMicrotask(() => isMute || arrive()))
  const secret = drawLinkSecrets().of(0, COORDINATOR)
  const greeting = { role: 'accept', index: COORDINATOR, peers: [0], token: secret } as const
  const coordinator = createLink(ports.left, controlOptions(spec, greeting))
  coordinator.messages$.subscribe({ error: () => undefined })
  const control = createLink(ports.right, workerControlOptions({ ...spec, core: 0, secret }, { role: 'dial' }))
  const opened = Promise.all([coordinator.opened, control.opened]).then(() => {
    if (says !== 'watch') return
    control.messages$.subscribe({
      next: () => {
        isMute = true
      },
      error: () => undefined,
    })
    coordinator.send({ kind: 'value', value: { type: 'watch' } })
  })
  const running = runCoreWorker({
    spec: { ...spec, cores: [{ core: 0, secret }] },
    controlOf: async () => control,
    seconds: () => 0,
    memory: () => ({ rss: 0, heapUsed: 0, arrayBuffers: 0 }),
    microseconds: () => 0,
    openPeers: () => new Promise<never>(() => undefined),
  })
  await Promise.all([opened, running])
}

/** Nobody replies at the subject of this worker. */
const request = () => board('hasty').join('c').request(SUBJECTS.worker('gone'), {})

const noWorkers = async () => launcherOf(await fakeFleet(board('hasty')))

/** Each row: what is waited for, of a peer that gives signs of life at most, and the name by which the wait ends. */
const WAITS: readonly (readonly [what: string, wait: () => Promise<unknown>, code: string])[] = [
  ['workers that do not come', noWorkers, 'WORKERS_TOO_FEW'],
  ['a worker that takes no order', request, 'RENDEZVOUS_NO_ANSWER'],
  ['a door behind which nobody greets', dialMute, 'WORKER_UNREACHABLE'],
  ['a core that never listens', () => withoutWord('listening'), 'CORE_LATE'],
  ['a core that is never ready', () => withoutWord('ready'), 'CORE_LATE'],
  ['the report of a run', started((session) => session.simulate(TRIALS)), 'CORE_SILENT'],
  ['the gradient of a run', started((session) => session.gradient(TRIALS, COUNT, LABELS)), 'CORE_SILENT'],
  ['a step', started((session) => session.train({ ...TRIALS, labels: LABELS }, step())), 'CORE_SILENT'],
  ['a saved state', started((session) => session.save()), 'CORE_SILENT'],
  ['the parameters', started((session) => session.parameters()), 'CORE_SILENT'],
  ['what memory was read', started((session) => session.memoryTraffic()), 'CORE_SILENT'],
  ['the orders of a coordinator', () => coreOf('no word'), 'COORDINATOR_MISSING'],
  ['a coordinator that has fallen silent', () => coreOf('watch'), 'LINK_SILENT'],
]

describe('a wait for another machine ends by name', () => {
  test.each(WAITS)('for %s', async (_, wait, code) => {
    const error: unknown = await wait().then(
      () => null,
      (reason: unknown) => reason,
    )
    expect([code, 'LINK_FAILED']).toContain((error as { readonly code?: string } | null)?.code)
    const cause = (error as Error).cause as { readonly code?: string } | undefined
    expect([(error as { readonly code?: string }).code, cause?.code]).toContain(code)
  })
})
