/**
 * Spoken digits in the form of Spiking Heidelberg Digits, from espeak-ng (Debian's package of that name) and a cochlea:
 *
 *     npx tsx scripts/data/spoken-digits.ts [folder] [--repetitions training,validation,test] [--words 20]
 *
 * 20 classes, 0 to 9 in English and German; 32 speakers, of whom 0 to 19 are for training and 20 to 23 for validation
 * (spoken-digits-train.h5, 4 repetitions each), 24 to 31 for the test (spoken-digits-test.h5, 16 repetitions). The same bits
 * every time with the same version of espeak-ng: hashes are printed, and compared with what they always were, of the first
 * recordings alone where fewer are asked for. About 15 minutes of one core's time.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { COCHLEA, createCochlea } from './cochlea/cochlea.js'
import { compareHashes, hashOf } from './hashes.js'
import { type WrittenRecording, writeShd } from './hdf5/write-shd.js'
import { ownShare, shareOut } from './shares.js'
import { espeakVersion } from './speech/espeak.js'
import { FIRST, hashOfFirst, KNOWN, KNOWN_FILES, KNOWN_VERSION } from './speech/first-recordings.js'
import { drawSpeakers } from './speech/speakers.js'
import { hearUtterance, utterancesOf, WORDS } from './speech/utterances.js'

const SEED = 1
const REPETITIONS = '4,4,16'
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    repetitions: { type: 'string', default: REPETITIONS },
    words: { type: 'string', default: `${WORDS.length}` },
  },
})
const [training = 4, validation = 4, test = 16] = values.repetitions.split(',').map(Number)
const words = Number(values.words)
const speakers = drawSpeakers(SEED)
const files = {
  'spoken-digits-train.h5': [
    ...utterancesOf(speakers.slice(0, 20), training, words),
    ...utterancesOf(speakers.slice(20, 24), validation, words),
  ],
  'spoken-digits-test.h5': utterancesOf(speakers.slice(24), test, words),
}
const all = Object.values(files).flat()
const share = ownShare()

if (share !== null) {
  const cochlea = createCochlea(COCHLEA)
  await share.run(all.length, (k) => hearUtterance(cochlea, all[k] as (typeof all)[number], SEED))
} else {
  const version = espeakVersion()
  if (version === null) {
    console.error('espeak-ng is not there: install the package of that name (apt install espeak-ng).')
    process.exit(2)
  }
  const folder = positionals[0] ?? 'data'
  const heard = await shareOut<WrittenRecording>(import.meta.filename, process.argv.slice(2), all.length)
  mkdirSync(folder, { recursive: true })
  const firsts: Record<string, string> = {}
  const whole: Record<string, string> = {}
  for (const [name, utterances] of Object.entries(files)) {
    const recordings = heard.splice(0, utterances.length)
    const bytes = writeShd(recordings, WORDS)
    writeFileSync(join(folder, name), bytes)
    const spikes = recordings.reduce((sum, { times }) => sum + times.length, 0)
    const mean = Math.round(spikes / Math.max(recordings.length, 1))
    console.log(`${name}: ${recordings.length} recordings, ${mean} spikes each`)
    whole[name] = hashOf(bytes)
    firsts[name] = hashOfFirst(recordings)
  }
  const isKnown = Math.min(training, test) >= FIRST && version === KNOWN_VERSION
  const isWhole = isKnown && values.repetitions === REPETITIONS && words === WORDS.length
  compareHashes(whole, isWhole ? KNOWN_FILES : null, `espeak-ng ${version}`)
  console.log(`the first ${FIRST} recordings of each:`)
  compareHashes(firsts, isKnown ? KNOWN : null, `espeak-ng ${version}`)
}
