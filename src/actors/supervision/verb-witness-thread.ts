import { workerData } from 'node:worker_threads'
import { systemClock } from '../../streams/system-clock.js'
import { hangInWords } from './hang-words.js'
import { writeLastWordsNow } from './last-output.js'
import { watchVerbs } from './verb-memory.js'
import type { WitnessGift } from './verb-witness.js'

// While a verb hangs nothing of the process answers but this thread.
const { memory, limit } = workerData as WitnessGift
watchVerbs(memory, { limit, clock: systemClock() }, (moment) => {
  writeLastWordsNow(hangInWords(moment, limit))
  process.kill(process.pid, 'SIGKILL')
})
