import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import type { Link } from '../../streams/link.js'
import { createLink } from '../../streams/links/create-link.js'
import { COORDINATOR } from '../../streams/links/link-options.js'
import { createThreadPort } from '../../streams/links/thread-port.js'
import { systemClock } from '../../streams/system-clock.js'
import type { CoreWorkerSpec } from './cluster-spec.js'
import type { CoreWorker } from './core-worker.js'
import type { CoreWorkerEnd } from './failure-report.js'
import { hangInWords } from './hang-words.js'
import { loaderFlags } from './inherited-loaders.js'
import { lastWordsOf, lineOfExhaustion } from './last-words.js'
import type { Launcher, LaunchParts } from './launcher.js'
import { controlOptions } from './links/cluster-link-options.js'
import { createVerbMemory, verbLimit, watchVerbs } from './verb-memory.js'

const ENTRY = new URL('./partition-thread.js', import.meta.url)

export interface ThreadLauncherOptions extends Pick<LaunchParts, 'dealt' | 'spec' | 'secrets'> {
  /** Per core: those it is linked to. */
  readonly neighbours: readonly (readonly number[])[]
}

/** Threads with channels between their cores: each has one to the coordinator and one to each neighbour elsewhere. */
export function openThreadLauncher({ neighbours, dealt, spec, secrets }: ThreadLauncherOptions): Launcher {
  const ways = waysBetween({ neighbours, dealt })
  const channels = neighbours.map(() => new MessageChannel())
  const controlsOf = (cores: readonly number[]) =>
    channels.flatMap(({ port2: port }, core) => (cores.includes(core) ? [{ core, port }] : []))
  return {
    coreWorkers: dealt.map((cores) => {
      const peers = ways.filter(({ core }) => cores.includes(core))
      return launchThread({ spec: { ...spec, cores: secrets.held(cores) }, controls: controlsOf(cores), peers })
    }),
    controls: channels.map(({ port1 }, core) => openControl(port1, core)),
    secrets,
    close: async () => undefined,
  }

  async function openControl(port: MessagePort, core: number): Promise<Link> {
    const token = secrets.of(core, COORDINATOR)
    const options = controlOptions(spec, { role: 'accept', index: COORDINATOR, peers: [core], token })
    const link = createLink(createThreadPort(port), options)
    await link.opened
    return link
  }
}

/** Both ends of a channel for every two neighbours that are not in one thread. */
function waysBetween({ neighbours, dealt }: Pick<ThreadLauncherOptions, 'neighbours' | 'dealt'>): readonly ThreadWay[] {
  const threadOf = (core: number) => dealt.findIndex((cores) => cores.includes(core))
  return neighbours.flatMap((others, core) =>
    others
      .filter((peer) => peer > core && threadOf(peer) !== threadOf(core))
      .flatMap((peer): readonly ThreadWay[] => {
        const { port1, port2 } = new MessageChannel()
        return [
          { core, peer, port: port1 },
          { core: peer, peer: core, port: port2 },
        ]
      }),
  )
}

/** What a thread is given when it starts. */
export interface ThreadGift {
  readonly spec: CoreWorkerSpec
  /** To the coordinator, one of each core. */
  readonly controls: readonly { readonly core: number; readonly port: MessagePort }[]
  /** From the cores here to those elsewhere. */
  readonly peers: readonly ThreadWay[]
  /** Where it notes the user function that is being executed. */
  readonly verbs: SharedArrayBuffer
}

/** A core's end of a channel to another. */
interface ThreadWay {
  readonly core: number
  readonly peer: number
  readonly port: MessagePort
}

/**
 * Starts a thread for the partitions of its cores. This side observes the user function that the thread executes: one
 * that takes too long becomes the last word of the thread, and ends it.
 *
 * @public for a test of a thread that gives up
 */
export function launchThread(given: Omit<ThreadGift, 'verbs'>): CoreWorker {
  const gift: ThreadGift = { ...given, verbs: createVerbMemory() }
  const worker = new Worker(ENTRY, {
    workerData: gift,
    transferList: [...gift.controls, ...gift.peers].map(({ port }) => port),
    execArgv: [...loaderFlags(process.execArgv)],
    stderr: true,
  })
  const { threadId } = worker
  const lastWords = lastWordsOf(worker.stderr)
  let thrown = ''
  const limit = verbLimit(gift.spec)
  const endWatch =
    limit === null
      ? () => undefined
      : watchVerbs(gift.verbs, { limit, clock: systemClock() }, (moment) => {
          thrown = hangInWords(moment, limit)
          void worker.terminate()
        })
  const ended = new Promise<CoreWorkerEnd>((resolve) => {
    worker.once('error', (error) => {
      thrown =
        error instanceof Error ? (lineOfExhaustion(error.message) ?? error.stack ?? error.message) : String(error)
    })
    worker.once('exit', (exitCode) => {
      endWatch()
      resolve({ exitCode, signal: null, lastWords: thrown === '' ? lastWords() : thrown })
    })
  })
  return {
    cores: gift.spec.cores.map(({ core }) => core),
    id: threadId,
    ended,
    dismiss: () => undefined,
    terminate: () => void worker.terminate(),
    kill: () => void worker.terminate(),
  }
}
