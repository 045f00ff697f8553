import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { VerbRecord } from './verb-witness.js'

/** So many looks without a change are a verb that hangs. */
const LOOKS = 8

const STDERR = 2

/** While a verb hangs nothing of the process answers but this thread. */
function watch({ turns, words, limit }: VerbRecord): void {
  const turn = new Int32Array(turns)
  let [seen, looks] = [0, 0]
  setInterval(() => {
    const now = Atomics.load(turn, 0)
    looks = now === seen ? looks + 1 : 0
    seen = now
    const isUnderWay = (now & 1) === 1
    if (!isUnderWay || looks < LOOKS) return
    const [text = ''] = Buffer.from(words).toString().split('\0')
    writeSync(STDERR, `${text} has not come back for ${Math.round(limit)} ms.\n`)
    process.kill(process.pid, 'SIGKILL')
  }, limit / LOOKS)
}

watch(workerData as VerbRecord)
