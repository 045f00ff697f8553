import { Worker } from 'node:worker_threads'
import type { NoteVerbs } from '../../network/modules/module-verbs.js'
import { createVerbMemory, verbNotes } from './verb-memory.js'

const ENTRY = new URL('./verb-witness-thread.js', import.meta.url)

/** What a process shares with its witness. */
export interface WitnessGift {
  readonly memory: SharedArrayBuffer
  /** Longest time in ms that a verb may take. */
  readonly limit: number
}

/**
 * Has a thread look after the modules of a process, which can neither answer nor be asked while one of them hangs: when a
 * verb takes longer than the limit, the last words of the process are which one, and it ends.
 *
 * The thread is started with the first module that there is, and does not keep the process alive.
 */
export function createVerbWitness(limit: number): NoteVerbs {
  const memory = createVerbMemory()
  const note = verbNotes(memory)
  let isWatched = false
  return (use) => {
    if (!isWatched) {
      isWatched = true
      const gift: WitnessGift = { memory, limit }
      new Worker(ENTRY, { workerData: gift, execArgv: [] }).unref()
    }
    return note(use)
  }
}
