import { Session } from 'node:inspector'
import { workerData } from 'node:worker_threads'
import { STANDSTILL, type UserCodeWatch } from './watch-user-code.js'

/** This many looks without a turn of the event loop are a standstill. */
const LOOKS = 6

lookOn(workerData as UserCodeWatch)

function lookOn({ memory, limit }: UserCodeWatch): void {
  const turns = new Int32Array(memory)
  let [seen, looks] = [-1, 0]
  setInterval(() => {
    const now = Atomics.load(turns, 0)
    looks = now === seen ? looks + 1 : 0
    seen = now
    if (looks < LOOKS) return
    looks = 0
    tell()
  }, limit / LOOKS)
}

/** Where the main thread stands still, it does this and continues. */
function tell(): void {
  const session = new Session()
  session.connectToMainThread()
  session.post('Runtime.evaluate', { expression: `process.emit(${JSON.stringify(STANDSTILL)})` }, () => {
    session.disconnect()
  })
}
