/** One item of a job of a kernel. */
export interface WorkItem {
  readonly kernel: number
  readonly job: number
  readonly item: number
}

/**
 * What the threads of a worker pool share to hand out work: a few words of memory.
 *
 * A job is announced by its fields, then by the number of items left. A thread takes the last item left; until it says
 * that the item is done no other job is announced, so the fields it then reads are those of its job.
 */
export interface WorkBoard {
  readonly memory: SharedArrayBuffer
  /** Announces a job; the one before is done. */
  announce(kernel: number, job: number, count: number): void
  /** Takes an item; null if none is left. */
  take(): WorkItem | null
  /** An item taken is done, or has failed. */
  finish(end: 'done' | 'failed'): void
  /** Does items until none is left; one that throws has failed, and its error is thrown on. `after` follows each. */
  workOff(doItem: (item: WorkItem) => void, after?: () => void): void
  /** Waits until every item is done; false if one has failed. */
  join(): boolean
  /** Sleeps until there may be work; false once the worker pool is dismissed. */
  await(): boolean
  close(): void
}

const CALL = 0
const LEFT = 1
const DONE = 2
const COUNT = 3
const KERNEL = 4
const JOB = 5
const FAILED = 6
const CLOSED = 7
const WORDS = 8

/** How often a thread looks for work, or for the end of others' work, before it goes to sleep. */
const LOOKS = 2000

/** @param memory of a board that another thread has made; default: a new one */
export function createWorkBoard(memory = new SharedArrayBuffer(4 * WORDS)): WorkBoard {
  const words = new Int32Array(memory)

  /** Takes an item; null if none is left. */
  function take(): WorkItem | null {
    for (;;) {
      const left = Atomics.load(words, LEFT)
      if (left === 0) return null
      if (Atomics.compareExchange(words, LEFT, left, left - 1) !== left) continue
      return { kernel: Atomics.load(words, KERNEL), job: Atomics.load(words, JOB), item: left - 1 }
    }
  }

  function finish(end: 'done' | 'failed'): void {
    if (end === 'failed') Atomics.store(words, FAILED, 1)
    if (Atomics.add(words, DONE, 1) + 1 === Atomics.load(words, COUNT)) Atomics.notify(words, DONE)
  }

  return {
    memory,
    take,

    announce(kernel, job, count) {
      Atomics.store(words, KERNEL, kernel)
      Atomics.store(words, JOB, job)
      Atomics.store(words, COUNT, count)
      Atomics.store(words, DONE, 0)
      Atomics.store(words, LEFT, count)
      Atomics.add(words, CALL, 1)
      Atomics.notify(words, CALL)
    },

    finish,

    workOff(doItem, after) {
      for (let item = take(); item !== null; item = take()) {
        let end: 'done' | 'failed' = 'failed'
        try {
          doItem(item)
          end = 'done'
        } finally {
          finish(end)
        }
        after?.()
      }
    },

    join() {
      const count = Atomics.load(words, COUNT)
      for (let look = 0; ; look++) {
        const done = Atomics.load(words, DONE)
        if (done === count) return Atomics.load(words, FAILED) === 0
        if (look >= LOOKS) Atomics.wait(words, DONE, done)
      }
    },

    await() {
      for (let look = 0; ; look++) {
        const call = Atomics.load(words, CALL)
        if (Atomics.load(words, CLOSED) !== 0) return false
        if (Atomics.load(words, LEFT) !== 0) return true
        if (look >= LOOKS) Atomics.wait(words, CALL, call)
      }
    },

    close() {
      Atomics.store(words, CLOSED, 1)
      Atomics.add(words, CALL, 1)
      Atomics.notify(words, CALL)
    },
  }
}
