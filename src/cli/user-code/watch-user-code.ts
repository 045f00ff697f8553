import { Worker } from 'node:worker_threads'
import { placeOfUserCode, type UserCodePlace } from './user-code-frame.js'

const ENTRY = new URL('./user-code-thread.js', import.meta.url)

/** What the thread raises in this one, at whatever it computes. */
export const STANDSTILL = 'antidrome:standstill'

/** In ms. */
const BEAT = 250

/** What is shared with the thread that looks on. */
export interface UserCodeWatch {
  /** Counts the turns of the event loop, some of them. */
  readonly memory: SharedArrayBuffer
  /** Time in ms without a turn that is a standstill. */
  readonly limit: number
}

export interface UserCodeEvents {
  /** In ms. */
  readonly limit: number
  /** Code of the user's own keeps the event loop from turning; called in the midst of it. */
  onHang(place: UserCodePlace): void
  /** The event loop turns again. */
  onBack(): void
}

/**
 * Has a thread look on while code of the user's own runs in this process: where the event loop stands still, no signal is
 * heard. The thread asks this one for its stack, in the midst of whatever it computes, and only code of others is reported.
 */
export function watchUserCode({ limit, onHang, onBack }: UserCodeEvents): Disposable {
  const memory = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const turns = new Int32Array(memory)
  let hangs = false
  const beat = setInterval(() => {
    Atomics.add(turns, 0, 1)
    if (!hangs) return
    hangs = false
    onBack()
  }, BEAT)
  beat.unref()
  const look = () => {
    const place = hangs ? null : placeOfUserCode()
    if (place === null) return
    hangs = true
    onHang(place)
  }
  process.on(STANDSTILL, look)
  const gift: UserCodeWatch = { memory, limit }
  const thread = new Worker(ENTRY, { workerData: gift, execArgv: [] })
  // Without it everything is as it was.
  thread.on('error', () => undefined).unref()
  return {
    [Symbol.dispose]() {
      clearInterval(beat)
      process.off(STANDSTILL, look)
      void thread.terminate()
    },
  }
}
