import { type MessagePort, Worker } from 'node:worker_threads'
import { systemClock } from '../../streams/system-clock.js'
import type { CoreWorkerSpec } from './cluster-spec.js'
import type { CoreWorker } from './core-worker.js'
import type { CoreWorkerEnd } from './failure-report.js'
import { hangInWords } from './hang-words.js'
import { loaderFlags } from './inherited-loaders.js'
import { lastWordsOf, lineOfExhaustion } from './last-words.js'
import { createVerbMemory, verbLimit, watchVerbs } from './verb-memory.js'

const ENTRY = new URL('./partition-thread.js', import.meta.url)

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
export interface ThreadWay {
  readonly core: number
  readonly peer: number
  readonly port: MessagePort
}

/**
 * Starts a thread for the partitions of its cores. This side observes the user function that the thread executes: one
 * that takes too long becomes the last word of the thread, and ends it.
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
