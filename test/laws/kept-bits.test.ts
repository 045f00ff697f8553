import { createHash, type Hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { open } from '../../src/actors/open.js'
import { ARITHMETIC_VERSION } from '../../src/numerics/arithmetic-version.js'
import { SESSION_MODES, sessionCase } from '../suites/session/session-case.js'
import { runMode } from '../suites/session/session-modes.js'
import { noisySession } from '../support/noisy-session.js'

const CASES = 6
const SEED = 45

/** Digests of results by mode, by version of the arithmetic. A new version keeps its own beside those before. */
const KEPT = JSON.parse(readFileSync(new URL('kept-bits.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, string>>>
>

test.each(SESSION_MODES)('%s has the bits that are kept for this version of the arithmetic', async (mode) => {
  const hash = createHash('sha256')
  const cases = fc.sample(
    sessionCase.filter((sample) => sample.mode === mode),
    { numRuns: CASES, seed: SEED },
  )
  for (const sample of cases) {
    const { network, seed, noise } = sample
    const run = {
      sample,
      cuts: null,
      open: async () => {
        const session = await open(network, { seed, kernel: 'simd' })
        return noise === null ? session : noisySession(session, noise)
      },
    }
    add(hash, (await runMode(run)).bits)
  }
  expect({ [mode]: hash.digest('hex') }).toEqual({ [mode]: KEPT[String(ARITHMETIC_VERSION)]?.[mode] })
})

/** Takes in every bit of a result, with where it stands. */
function add(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) {
    hash.update(value.constructor.name).update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
    return
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) {
      hash.update(`${key}{`)
      add(hash, each)
      hash.update('}')
    }
    return
  }
  hash.update(typeof value === 'number' ? new Uint8Array(Float64Array.of(value).buffer) : `${value};`)
}
