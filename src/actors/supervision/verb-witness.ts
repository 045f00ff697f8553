import { Worker } from 'node:worker_threads'
import type { ActorMoment } from '../../dynamics/actor/actor-faults.js'
import { inWords } from '../../dynamics/actor/actor-faults.js'

const ENTRY = new URL('./verb-witness-thread.js', import.meta.url)

/** What the thread shares with the witness: a number that changes with every verb, odd while one is under way, and its words. */
export interface VerbRecord {
  readonly turns: SharedArrayBuffer
  readonly words: SharedArrayBuffer
  /** Longest time in ms that a verb may take. */
  readonly limit: number
}

const MOST_BYTES = 4096

/** Notes which verb of an actor is under way; null: it is over. */
export type NoteVerb = (moment: ActorMoment | null) => void

/**
 * Has a thread look after the modules of a process, which can neither answer nor be asked while one of them hangs: when a
 * verb takes longer than the limit, the last words of the process are which one, and it ends.
 *
 * The thread is started with the first verb, and does not keep the process alive.
 */
export function createVerbWitness(limit: number): NoteVerb {
  const turns = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const words = Buffer.from(new SharedArrayBuffer(MOST_BYTES))
  let isWatched = false
  let turn = 0
  return (moment) => {
    if (!isWatched) {
      isWatched = true
      const record: VerbRecord = { turns: turns.buffer, words: words.buffer as SharedArrayBuffer, limit }
      new Worker(ENTRY, { workerData: record, execArgv: [] }).unref()
    }
    if (moment !== null) words.fill(0, words.write(inWords(moment), 0, MOST_BYTES))
    turn = (turn + 1) | 0
    Atomics.store(turns, 0, turn)
  }
}
