import { mergeStates } from '../../actors/streaming/simulation-state.js'
import type { KernelState } from '../../dynamics/kernels/kernel-state.js'
import { joinTrains } from '../../events/join-trains.js'
import { joinTrials } from '../../events/join-trials.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import { ACTOR, type ActorCase, isCut, slicesOf } from './actor-case.js'
import { cycleDifference, cycleQuotientDifference } from './actor-cycles.js'
import { quotientDifference } from './actor-quotients.js'
import { cycleCase } from './cycle-case.js'
import { numberDifference, spikeDifference } from './difference.js'
import { type ActorOutcome, runActor, within } from './run-actor.js'
import type { SlopeOf } from './undo-actor.js'

/** What a module may not look at: found by name, for the library itself never looks at it either. */
const HIDDEN: readonly (readonly [owner: string, name: string, words: string])[] = [
  ['Math', 'random', 'a number of chance that no seed decides'],
  ['Date', 'now', 'the time of day'],
  ['performance', 'now', 'a clock'],
]

/** Runs something, and says which of the things that differ from run to run it has asked for; null if none. */
function hiddenCalls(run: () => void): string | null {
  let found: string | null = null
  const owners = HIDDEN.map(([owner]) => Reflect.get(globalThis, owner) as object)
  const kept = HIDDEN.map(([, name], k) => Object.getOwnPropertyDescriptor(owners[k] as object, name))
  const before = HIDDEN.map(([, name], k) => Reflect.get(owners[k] as object, name) as () => unknown)
  HIDDEN.forEach(([, name, words], k) => {
    const owner = owners[k] as object
    const value = (...given: readonly unknown[]) => {
      found ??= words
      return Reflect.apply(before[k] as () => unknown, owner, given)
    }
    Object.defineProperty(owner, name, { value, configurable: true, writable: true })
  })
  try {
    run()
  } finally {
    HIDDEN.forEach(([, name], k) => {
      const owner = owners[k] as object
      const descriptor = kept[k]
      if (descriptor === undefined) Reflect.deleteProperty(owner, name)
      else Object.defineProperty(owner, name, descriptor)
    })
  }
  return found
}

/** What the laws know of the module. */
export interface ActorAbilities {
  readonly hasBackward: boolean
  readonly saves: boolean
}

/** A law that every actor keeps. */
export interface ActorLaw {
  readonly name: string
  /** Whether it can be asked of an actor; default: of every one. */
  readonly applies?: (sample: ActorCase, abilities: ActorAbilities) => boolean
  /** What breaks it in a case, in words; null if nothing does. */
  readonly broken: (sample: ActorCase) => string | null | Promise<string | null>
}

/** In the order in which they are asked: what breaks an early one would break later ones, too. */
export const ACTOR_LAWS: readonly ActorLaw[] = [
  {
    name: 'keepsPromises',
    broken(sample) {
      runActor(sample)
      return null
    },
  },
  {
    name: 'looksAtNothingHidden',
    broken(sample) {
      const asked = hiddenCalls(() => {
        runActor(sample)
      })
      return asked === null ? null : `it asks for ${asked}`
    },
  },
  {
    name: 'repeats',
    broken(sample) {
      const { spikes } = runActor(sample)
      runActor(sample, { inputs: sample.inputs.toReversed() })
      return spikeDifference(runActor(sample).spikes, spikes)
    },
  },
  {
    name: 'trialsApart',
    broken(sample) {
      const others = sample.inputs.toReversed()
      const plain = runActor(sample)
      const differences = [0, 1].map((replaced) => {
        const inputs = sample.inputs.map((trains, k) => withTrial(trains, others[k] as SpikeTrains, replaced))
        const kept = 1 - replaced
        return spikeDifference(trialOf(runActor(sample, { inputs }), kept), trialOf(plain, kept))
      })
      return differences.find((found) => found !== null) ?? null
    },
  },
  {
    name: 'causality',
    broken(sample) {
      const time = sample.until * (0.2 + 0.6 * sample.random('causality').uniform(0))
      const early = { start: 0, end: time }
      const inputs = sample.inputs.map((trains) => within(trains, early))
      const [all, some] = [runActor(sample), runActor(sample, { inputs })]
      const found = spikeDifference(within(all.spikes, early), within(some.spikes, early))
      return found === null ? null : `what arrives after ${time} ms shows before: ${found}`
    },
  },
  {
    name: 'windows',
    broken(sample) {
      return spikeDifference(runActor(sample, { cuts: cutsOf(sample) }).spikes, runActor(sample).spikes)
    },
  },
  {
    name: 'messageOrder',
    broken(sample) {
      const cuts = cutsOf(sample)
      return spikeDifference(runActor(sample, { cuts, restless: true }).spikes, runActor(sample, { cuts }).spikes)
    },
  },
  {
    name: 'slices',
    applies: isCut,
    broken(sample) {
      const parts = slicesOf(sample).map((slice) => runActor(sample, { slice }).spikes)
      return spikeDifference(joinTrains(parts).trains, runActor(sample).spikes)
    },
  },
  {
    name: 'saveAndResume',
    applies: (_, { saves }) => saves,
    broken(sample) {
      const inputs = sample.inputs.map((trains) => trialOf({ spikes: trains }, 0))
      const time = sample.until * (0.2 + 0.6 * sample.random('save').uniform(0))
      const rest = { start: time, end: sample.until }
      const once = { inputs, segmented: true }
      const expected = runActor(sample, { ...once, cuts: [sample.until] }).spikes
      const slices = slicesOf(sample)
      const states = slices.map((slice) => {
        return { group: ACTOR, ...slice, ...runActor(sample, { ...once, cuts: [time], slice }).kernel.saveState() }
      })
      const { groups, inFlight } = structuredClone(mergeStates(sample.network, states))
      const state: KernelState = { columns: groups[ACTOR] ?? {}, inFlight }
      const late = runActor(sample, { ...once, cuts: [sample.until], from: { time, state } })
      return spikeDifference(late.spikes, within(expected, rest))
    },
  },
  {
    name: 'adjoint',
    applies: (_, { hasBackward }) => hasBackward,
    broken: (sample) => quotientDifference(sample, slopeOf(sample)),
  },
  {
    name: 'adjointWindows',
    applies: (_, { hasBackward }) => hasBackward,
    broken(sample) {
      const whole = runActor(sample, { slopeOf: slopeOf(sample) }).gradient
      const { gradient } = runActor(sample, { slopeOf: slopeOf(sample), cuts: cutsOf(sample) })
      if (whole === null || gradient === null) return 'there is no gradient'
      const ofTimes = whole.times.map((times, k) => {
        return numberDifference(`dL/d(time) of input ${k}`, gradient.times[k] as Float64Array, times)
      })
      const ofParameters = numberDifference('dL/d(parameter)', gradient.parameters, whole.parameters)
      return ofParameters ?? ofTimes.find((found) => found !== null) ?? null
    },
  },
  {
    name: 'cycles',
    broken: (sample) => cycleDifference(cycleCase(sample), abilitiesOf(sample).hasBackward),
  },
  {
    name: 'cycleAdjoint',
    applies: (_, { hasBackward }) => hasBackward,
    broken: (sample) => cycleQuotientDifference(cycleCase(sample), sample.random('cycle/moved')),
  },
]

/** Which verbs beside `advance` it has. */
export function abilitiesOf(sample: ActorCase): ActorAbilities {
  const place = sample.kernelOf().placeOf(0, sample.until)
  const group = sample.network.groups.find(({ name }) => name === ACTOR)
  const actor = sample.create(place, group?.kind === 'actor' ? group.module.options : {})
  return { hasBackward: actor.backward !== undefined, saves: actor.saveState !== undefined }
}

/** The slope of every spike of the loss that gradients are taken of. */
function slopeOf(sample: ActorCase): SlopeOf {
  return (trial, unit, n) => sample.random(`slope/${trial}/${unit}`).uniform(n) - 0.5
}

/** Some instants, rising, and the end. */
function cutsOf({ until, random }: ActorCase): readonly number[] {
  const stream = random('cuts')
  const inside = Array.from({ length: 7 }, (_, k) => until * stream.uniformOpen(k)).sort((a, b) => a - b)
  return [...inside, until]
}

function trialOf({ spikes: { offsets, times, units } }: Pick<ActorOutcome, 'spikes'>, trial: number): SpikeTrains {
  const [from, to] = [offsets[trial] as number, offsets[trial + 1] as number]
  return { offsets: Uint32Array.of(0, to - from), times: times.slice(from, to), units: units.slice(from, to) }
}

/** The trains of two trials, one of them another's. */
function withTrial(own: SpikeTrains, other: SpikeTrains, replaced: number): SpikeTrains {
  const parts = [0, 1].map((trial) => trialOf({ spikes: trial === replaced ? other : own }, trial))
  return joinTrials(2, parts)
}
