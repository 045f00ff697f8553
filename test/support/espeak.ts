import { espeakVersion } from '../../scripts/data/speech/espeak.js'
import { describeNeeding } from './describe-needing.js'

/** Of the espeak-ng that is there; null if there is none. */
export const ESPEAK_VERSION = espeakVersion()

const missing = ESPEAK_VERSION === null ? 'need the Debian package espeak-ng, whose espeak-ng is not there' : null

/** Tests with speech; skipped where nobody speaks. */
export function describeWithEspeak(name: string, body: () => void): void {
  describeNeeding(missing, name, body)
}
