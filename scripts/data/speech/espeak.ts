import { spawnSync } from 'node:child_process'

/** What espeak-ng is asked to say. */
export interface Speech {
  readonly text: string
  /** Such as `en-gb+adam`. */
  readonly voice: string
  readonly pitch: number
  readonly speed: number
}

const COMMAND = 'espeak-ng'
/** In Hz; that of espeak-ng's voices. */
export const SPEECH_RATE = 22_050

/** The version that is there, such as `1.52.0`; null if there is none. */
export function espeakVersion(): string | null {
  const { status, stdout } = spawnSync(COMMAND, ['--version'], { encoding: 'utf8' })
  return status === 0 ? (/(\d+(\.\d+)+)/.exec(stdout)?.[1] ?? '') : null
}

/** The sound of something that is said, from -1 to 1, the same for the same speech (`-D`). */
export function speak({ text, voice, pitch, speed }: Speech): Float64Array {
  const settings = ['-D', '-v', voice, '-p', `${Math.round(pitch)}`, '-s', `${Math.round(speed)}`, '--stdout']
  const { status, stdout, stderr, error } = spawnSync(COMMAND, [...settings, text], { maxBuffer: 1 << 26 })
  if (status !== 0) throw new Error(`${COMMAND} said nothing: ${error?.message ?? stderr}`)
  return samplesOf(stdout)
}

/** Of a WAV file with one channel of 16 bits; its lengths are not known to who writes a stream. */
function samplesOf(wav: Buffer): Float64Array {
  const at = wav.indexOf('data') + 8
  const isRight =
    at > 8 && wav.readUInt16LE(22) === 1 && wav.readUInt32LE(24) === SPEECH_RATE && wav.readUInt16LE(34) === 16
  if (!isRight) throw new Error(`expected a WAV file of one channel at ${SPEECH_RATE} Hz with 16 bits`)
  return Float64Array.from({ length: (wav.length - at) >> 1 }, (_, k) => wav.readInt16LE(at + 2 * k) / 32_768)
}
