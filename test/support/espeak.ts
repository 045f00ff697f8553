import { describe } from 'vitest'
import { espeakVersion } from '../../scripts/data/speech/espeak.js'

/** Of the espeak-ng that is there; null if there is none. */
export const ESPEAK_VERSION = espeakVersion()

if (ESPEAK_VERSION === null) {
  const line = 'The tests with speech need the Debian package espeak-ng, whose espeak-ng is not there.'
  if (process.env.CI) throw new Error(line)
  console.warn(`${line} They are skipped.`)
}

/** Tests with speech; skipped where nobody speaks. */
export function describeWithEspeak(name: string, body: () => void): void {
  describe.skipIf(ESPEAK_VERSION === null)(name, body)
}
