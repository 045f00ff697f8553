import {
  MODULE_VERBS,
  type ModuleUse,
  type ModuleVerb,
  type NoteVerbs,
  UNNOTED,
  type VerbMoment,
} from '../../network/modules/module-verbs.js'
import type { Clock } from '../../streams/clock.js'
import type { ClusterSpec } from './cluster-spec.js'

/** Places of the numbers, of 4 bytes each; TURN changes with every verb, and is odd while one is executed. */
const [TURN, USE, VERB, TRIAL] = [0, 1, 2, 3] as const
/** Place of the time, of 8 bytes. */
const TIME = 2
/** In bytes: where the texts of the uses begin, and where everything ends. */
const [TEXTS, END] = [24, 1 << 18] as const

const NONE = -1

/** Number of looks without a change after which a verb counts as hanging. */
const LOOKS = 8

/** Of the time in which links call a core silent that says no more, so much may a verb take: a silence would name no module. */
const SHARE_OF_SILENCE = 0.75

/**
 * Longest time in ms that a verb may take; null: any. What a core last said may have been a heartbeat before.
 *
 * @param spec of a core, which may have come as JSON, where infinity is null
 */
export function verbLimit({ silence, heartbeat }: Pick<ClusterSpec, 'silence' | 'heartbeat'>): number | null {
  const left = silence - heartbeat
  return silence !== null && left < Infinity ? SHARE_OF_SILENCE * left : null
}

/** Shared by a thread whose modules may hang with one that looks after it. */
export function createVerbMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(END)
}

/**
 * Notes verbs in the memory: five stores each, as the texts of a use are written once. Uses for whose texts there is no room
 * are not noted.
 */
export function verbNotes(memory: SharedArrayBuffer): NoteVerbs {
  const numbers = new Int32Array(memory, 0, TEXTS / Int32Array.BYTES_PER_ELEMENT)
  const times = new Float64Array(memory, 0, TEXTS / Float64Array.BYTES_PER_ELEMENT)
  const places = new Map<string, number | null>()
  let [free, turn] = [TEXTS, 0]

  function placeOf(text: string): number | null {
    const known = places.get(text)
    if (known !== undefined) return known
    const size = Buffer.byteLength(text) + 1
    const place = free + size > END ? null : free
    if (place !== null) {
      Buffer.from(memory, place, size).write(text)
      free += size
    }
    places.set(text, place)
    return place
  }

  function next(): void {
    turn = (turn + 1) | 0
    Atomics.store(numbers, TURN, turn)
  }

  return ({ kind, name, group, module }) => {
    const place = placeOf(JSON.stringify({ kind, name, group, module }))
    if (place === null) return UNNOTED
    return {
      begin(verb, trial, time) {
        numbers[USE] = place
        numbers[VERB] = MODULE_VERBS.indexOf(verb)
        numbers[TRIAL] = trial ?? NONE
        times[TIME] = time ?? Number.NaN
        next()
      },
      end: next,
    }
  }
}

/**
 * Checks periodically whether the same verb is still being executed; once it has been for `limit` ms, calls `onHang`.
 *
 * Returns what ends the watch.
 */
export function watchVerbs(
  memory: SharedArrayBuffer,
  { limit, clock }: { readonly limit: number; readonly clock: Pick<Clock, 'every'> },
  onHang: (moment: VerbMoment) => void,
): () => void {
  const numbers = new Int32Array(memory)
  let [seen, looks] = [0, 0]
  const end = clock.every(limit / LOOKS, () => {
    const now = Atomics.load(numbers, TURN)
    looks = now === seen ? looks + 1 : 0
    seen = now
    const isUnderWay = (now & 1) === 1
    if (!isUnderWay || looks < LOOKS) return
    end()
    onHang(noted(memory))
  })
  return end
}

/** The last verb that was begun. */
function noted(memory: SharedArrayBuffer): VerbMoment {
  const numbers = new Int32Array(memory)
  const [place, verb, trial] = [numbers[USE], numbers[VERB], numbers[TRIAL]] as [number, number, number]
  const time = new Float64Array(memory)[TIME] as number
  const [text = ''] = Buffer.from(memory, place).toString().split('\0', 1)
  return {
    ...(JSON.parse(text) as ModuleUse),
    verb: MODULE_VERBS[verb] as ModuleVerb,
    trial: trial === NONE ? null : trial,
    time: Number.isNaN(time) ? null : time,
  }
}
