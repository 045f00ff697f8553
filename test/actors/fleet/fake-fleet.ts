import { callRoll } from '../../../src/actors/fleet/discover-workers.js'
import { type Fleet, type FleetOptions, type LaunchRequest, openFleet } from '../../../src/actors/fleet/fleet.js'
import type { EngageOrder, SealedSpec, WorkerOffer } from '../../../src/actors/fleet/fleet-messages.js'
import { SUBJECTS } from '../../../src/actors/fleet/fleet-messages.js'
import { type FleetWorker, type FleetWorkerOptions, openFleetWorker } from '../../../src/actors/fleet/fleet-worker.js'
import type { OrderEpoch } from '../../../src/actors/fleet/order-epoch.js'
import type { WorkerEvent } from '../../../src/actors/fleet/worker-event.js'
import type { ListenerAddress, ProcessSpec } from '../../../src/actors/supervision/cluster-spec.js'
import type { CoreWorkerEnd } from '../../../src/actors/supervision/failure-report.js'
import { drawLinkSecrets } from '../../../src/actors/supervision/links/link-secrets.js'
import { createDeferred, type Deferred } from '../../../src/events/deferred.js'
import type { JsonValue } from '../../../src/rendezvous/json-value.js'
import type { Rendezvous } from '../../../src/rendezvous/rendezvous.js'
import { createSealKeys, seal } from '../../../src/rendezvous/seal.js'
import { LinkError } from '../../../src/streams/link-error.js'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'
import { systemClock } from '../../../src/streams/system-clock.js'
import { createMemoryBoard, type MemoryBoard, type MemoryMember } from '../../rendezvous/memory-rendezvous.js'
import { HASTY, PATIENT } from '../../suites/rendezvous-suite.js'
import { clusterSpec } from '../../support/cluster-spec.js'
import { VERSIONS } from './offers.js'

/** Numbers with which nothing is given up before it comes, or those with which it is soon. */
export const board = (kind: 'patient' | 'hasty' = 'patient'): MemoryBoard =>
  createMemoryBoard({ clock: systemClock(), numbers: kind === 'patient' ? PATIENT : HASTY })

export const WELL: CoreWorkerEnd = { exitCode: 0, signal: null, lastWords: '' }

export const SPEC = clusterSpec({ silence: 1000, heartbeat: 100, startLimit: 1, coordinatorSilence: 60_000 })

export const sealedSpec = (cores: readonly number[] = [0], part: object = {}): SealedSpec => ({
  ...SPEC,
  cores: cores.map((core) => ({ core, secret: 'ab' })),
  mostLinks: 4,
  links: 'direct',
  endSecret: 'cd',
  ...part,
})

/** In ms. Members in memory reply at once, however busy the machine is. */
export const ROLL_CALL = 40

/** A process that does nothing but end when it is told to. */
export interface FakeProcess {
  readonly spec: ProcessSpec
  readonly told: string[]
  readonly door: Deferred<ListenerAddress | null>
  end(end: CoreWorkerEnd): void
}

/** A worker whose processes are none. */
export interface FakeWorker {
  readonly worker: FleetWorker
  readonly member: MemoryMember
  readonly processes: readonly FakeProcess[]
  readonly living: () => readonly FakeProcess[]
  readonly events: readonly WorkerEvent[]
  offer(): Promise<WorkerOffer>
}

export interface FakeWorkerOptions
  extends Partial<Pick<FleetWorkerOptions, 'data' | 'modules' | 'authorities' | 'slots' | 'listenerOf'>> {
  /** Whether processes open their door at once; default true. */
  readonly opens?: boolean
  /** Whether they end when they are killed; default true. */
  readonly dies?: boolean
  readonly versions?: WorkerOffer['versions']
  /** Where its processes listen; default 127.0.0.1. */
  readonly host?: string
}

export async function fakeWorker(
  place: MemoryBoard,
  name: string,
  { opens = true, dies = true, slots = 2, versions = VERSIONS, host = '127.0.0.1', ...options }: FakeWorkerOptions = {},
): Promise<FakeWorker> {
  const member = place.join(name)
  const processes: FakeProcess[] = []
  const ended = new Set<FakeProcess>()
  const events: WorkerEvent[] = []
  const worker = await openFleetWorker({
    rendezvous: member,
    identity: { id: `id-${name}`, name, machine: `host-${name}`, pid: 1, versions },
    condition: () => ({ hardwareThreads: 1, load: 0, freeMemory: 1, clock: 0, uptime: 0 }),
    slots,
    listenerOf: (slot) => ({ host: '127.0.0.1', port: 1000 + slot }),
    server: { servers: 'nats://127.0.0.1' },
    sealKeys: await createSealKeys(),
    onEvent: (event) => void events.push(event),
    launch(spec) {
      const over = createDeferred<CoreWorkerEnd>()
      const door = createDeferred<ListenerAddress | null>()
      const told: string[] = []
      const process: FakeProcess = {
        spec,
        told,
        door,
        end(end) {
          ended.add(process)
          over.resolve(end)
          door.resolve(null)
        },
      }
      processes.push(process)
      if (opens) door.resolve({ url: `ws://${host}:${processes.length}`, security: null })
      const way = (word: string) => () => {
        told.push(word)
        if (dies) process.end({ exitCode: null, signal: word, lastWords: '' })
      }
      return {
        id: processes.length,
        ended: over.promise,
        door: door.promise,
        dismiss: way('dismiss'),
        terminate: way('SIGTERM'),
        kill: way('SIGKILL'),
      }
    },
    ...options,
  })
  return {
    worker,
    member,
    processes,
    living: () => processes.filter((process) => !ended.has(process)),
    events,
    async offer() {
      const { offers, strangers } = await callRoll(member, VERSIONS, () => true)
      return [...offers, ...strangers].find(({ id }) => id === `id-${name}`) as WorkerOffer
    },
  }
}

export const stampOf = (run: string, epoch: number, start: number): OrderEpoch => ({ run, epoch, start })

/** Asks for a process as a coordinator does, anew each time. */
export async function engage(
  asker: Rendezvous,
  { id, sealKey }: WorkerOffer,
  part: Partial<EngageOrder> & { readonly spec?: SealedSpec },
): Promise<JsonValue> {
  const { spec = sealedSpec(), ...rest } = part
  const order: EngageOrder = {
    type: 'engage',
    stamp: stampOf('a', 0, 1),
    session: 'asker',
    host: 0,
    sealed: await seal(JSON.stringify(spec), sealKey),
    ...rest,
  }
  return asker.request(SUBJECTS.worker(id), order as unknown as JsonValue)
}

export const tellOf = (asker: Rendezvous, id: string, order: object) =>
  asker.request(SUBJECTS.worker(id), order as JsonValue)

/** A request for so many cores, one after the other on each process. */
export function requestOf(cores: number): LaunchRequest {
  return {
    spec: SPEC,
    secrets: drawLinkSecrets(),
    deal: (coreWorkers) =>
      Array.from({ length: Math.min(coreWorkers, cores) }, (_, coreWorker) =>
        Array.from({ length: cores }, (_, core) => core).filter((core) => core % coreWorkers === coreWorker),
      ),
  }
}

/** Dials listeners behind which nobody says anything, or which are shut. */
export function reaching(isOpen: (url: string) => boolean): NonNullable<FleetOptions['carrier']> {
  return {
    async dial(url, { link = '', peer = '' }) {
      if (isOpen(url)) return createMemoryPorts(queueMicrotask).left
      const what = 'cannot be opened: it is shut'
      throw new LinkError({ code: 'LINK_UNREACHABLE', link, peer, what, watermark: null })
    },
  }
}

export interface FakeFleet {
  readonly fleet: Fleet
  readonly member: MemoryMember
  readonly notes: readonly string[]
}

export async function fakeFleet(
  place: MemoryBoard,
  options: Partial<FleetOptions> = {},
  name = 'coordinator',
): Promise<FakeFleet> {
  const member = place.join(name)
  const notes: string[] = []
  const fleet = await openFleet({
    rendezvous: member,
    processes: 2,
    wait: 0,
    rollCall: ROLL_CALL,
    versions: VERSIONS,
    insecure: false,
    carrier: reaching(() => true),
    onNote: (note) => void notes.push(note),
    ...options,
  })
  return { fleet, member, notes }
}

/** Opens a launcher whose links nobody opens. */
export async function launcherOf({ fleet }: FakeFleet, cores = 2) {
  const launcher = await fleet.openLauncher(requestOf(cores))
  for (const control of launcher.controls) control.catch(() => undefined)
  return launcher
}
