import { createRandomStream } from '../../../src/numerics/random-stream.js'

/** Who says something. */
export interface Speaker {
  readonly number: number
  /** Of espeak-ng. */
  readonly variant: string
  /** The voice for English words. */
  readonly accent: string
  /** 0 to 99. */
  readonly pitch: number
  /** In words a minute. */
  readonly speed: number
}

/** The first 32 variants of voices in the list of espeak-ng 1.52. */
const VARIANTS = [
  ...['adam', 'Alex', 'Alicia', 'Andrea', 'Andy', 'Annie', 'antonio', 'aunty', 'belinda', 'benjamin', 'boris'],
  ...['caleb', 'david', 'Demonic', 'Denis', 'Diogo', 'ed', 'edward', 'edward2', 'Gene', 'Gene2', 'gustave'],
  ...['announcer', 'Henrique', 'Hugo', 'ian', 'iven', 'iven2', 'iven3', 'iven4', 'Jacky', 'john'],
] as const
const ACCENTS = ['en-us', 'en-gb', 'en-gb-scotland', 'en-gb-x-rp'] as const

/** The speakers of a seed: 32, each with an accent, a pitch and a speed. */
export function drawSpeakers(seed: number): readonly Speaker[] {
  return VARIANTS.map((variant, number) => {
    const draw = createRandomStream(seed, `spokenDigits/speaker${number}`)
    return {
      number,
      variant,
      accent: ACCENTS[draw.integer(0, ACCENTS.length)] as string,
      pitch: 30 + 40 * draw.uniform(1),
      speed: 140 + 50 * draw.uniform(2),
    }
  })
}
