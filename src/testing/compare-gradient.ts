import { entryOf } from '../events/by-name.js'
import { InputError, RunError } from '../events/errors.js'
import { noSpikes } from '../events/no-spikes.js'
import { createEvaluation } from '../learning/evaluate-loss.js'
import { checkGradient, type GradientCheck, type Probe } from '../learning/gradient-check.js'
import type { Labels } from '../learning/labels.js'
import type { Loss } from '../learning/loss.js'
import { observedBy } from '../learning/loss-view.js'
import type { Observed } from '../learning/losses/loss-record.js'
import { readLoss } from '../learning/read-loss.js'
import type { LabelledTrials, Recording, Session, Trials } from '../learning/session.js'
import { parametersOf } from '../learning/state/parameters-of.js'
import type { Network } from '../network/description/network.js'
import { instantiate } from '../network/instance/instantiate.js'
import { withValues } from '../network/instance/with-values.js'
import { mapOf, type Readers, readRequired } from '../network/reading/read-fields.js'
import { listOf } from '../network/reading/read-list.js'
import { readNetwork } from '../network/reading/read-network.js'
import { integerFrom, readNonNegative, readPositive } from '../network/reading/read-number.js'
import { readTrains } from '../network/reading/read-trains.js'
import { asGiven, type Reader, readFunction, readRecord, wordOf } from '../network/reading/read-value.js'
import {
  arraysOfKind,
  CHECKED_KINDS,
  type CheckedKind,
  gradientOfKind,
  type Setting,
  withNumbers,
} from './checked-numbers.js'
import { sequenceOf } from './event-sequence.js'

/** Whether a recording shows it. */
const IS_RECORDED: Readonly<Record<Observed, boolean>> = { spikes: true, maxima: true, integral: false }

/** Whether recordings show what a loss looks at. */
function isRecorded(loss: Loss): boolean {
  return IS_RECORDED[observedBy(loss)]
}

/**
 * Losses of the trials that have one, summed; NaN where coefficients and spikes do not match in number.
 *
 * @param loss one on what recordings show
 */
function lossOfRecording(
  loss: Loss,
  { instance, trials }: Setting,
  recording: Recording,
  labels: Labels | null,
): number {
  const size = instance.groups.find(({ name }) => name === loss.group)?.size ?? 0
  const maxima = entryOf(recording.maxima, loss.group) ?? { values: new Float64Array(0), times: new Float64Array(0) }
  const trains = entryOf(recording.spikes, loss.group) ?? noSpikes(trials.count)
  const explicit = new Float64Array(Math.max(trains.times.length, maxima.values.length))
  const evaluate = createEvaluation(loss, { size, until: trials.until })
  const observed = observedBy(loss) === 'maxima' ? maxima : trains
  let sum = 0
  try {
    for (let trial = 0; trial < trials.count; trial++)
      sum += evaluate(observed, trial, labels?.[trial] ?? null, explicit).loss ?? 0
  } catch (error) {
    if (error instanceof InputError && error.code === 'LOSS_COEFFICIENT_COUNT') return Number.NaN
    throw error
  }
  return sum
}

export interface GradientComparisonOptions {
  /** Opens a session, such as `open` of this package. */
  readonly open: (network: Network) => Promise<Session>
  readonly network: Network
  /** Draws the numbers the network leaves open; default 0. */
  readonly seed?: number
  readonly trials: Trials
  readonly loss: Loss
  /** One per trial, for the losses that need them. */
  readonly labels?: Labels
  /** What to move; default: everything. */
  readonly kinds?: readonly CheckedKind[]
  /** The largest step of the quotients; default 2^-10 (ms, or units of the voltage). */
  readonly step?: number
  /** As for `checkGradient`; default 1e-6 and 1e-3. */
  readonly tolerance?: number
  readonly floor?: number
}

const READERS: Readers<GradientComparisonOptions> = {
  open: readFunction,
  network: readNetwork,
  seed: integerFrom(0),
  trials: readTrials,
  loss: readLoss as Reader<Loss>,
  labels: asGiven,
  kinds: listOf(wordOf(CHECKED_KINDS)),
  step: readPositive,
  tolerance: readNonNegative,
  floor: readNonNegative,
}

/** Sessions check them; input times are looked at here, too. */
function readTrials(value: unknown, field: string): Trials {
  const { inputs } = readRecord(value, field)
  mapOf(readTrains)(inputs, `${field}.inputs`)
  return value as Trials
}

/**
 * Compares the gradient of a session with difference quotients of its simulations, kind by kind.
 *
 *     |g - q| <= tolerance · max(|q|, floor · max|g|) + error(q)       max over the numbers of the kind
 *
 * Numbers that a step would take out of their range, or across the sign that chooses a synapse's time constant, are
 * left out; those around which the sequence of events changes are reported as skipped. Opens one session, and closes it.
 *
 * Raises `RunError` NOTHING_COMPARED if that leaves no number of any kind, which would show nothing.
 */
export async function compareGradient(
  given: GradientComparisonOptions,
): Promise<ReadonlyMap<CheckedKind, GradientCheck>> {
  const options = readRequired(given, READERS, ['open', 'network', 'trials', 'loss'])
  const { open, network, seed = 0, trials } = options
  const setting: Setting = { instance: instantiate(network, seed), trials }
  const session = await open(withValues(network, setting.instance))
  try {
    const checks = await compareKinds(session, setting, options)
    if ([...checks.values()].every(({ compared }) => compared.length === 0)) throw nothingCompared(checks)
    return checks
  } finally {
    await session.close()
  }
}

function nothingCompared(checks: ReadonlyMap<CheckedKind, GradientCheck>): RunError {
  const skipped = [...checks.values()].reduce((sum, check) => sum + check.skipped.length, 0)
  return new RunError({
    code: 'NOTHING_COMPARED',
    message: `compareGradient: no number was compared, of ${[...checks.keys()].join(', ')}: ${skipped} lie on a change of events, the others cannot be moved by a step.`,
    details: { skipped },
    remedy: 'Give a smaller step, other kinds, or a network and trials with numbers that can be moved.',
  })
}

async function compareKinds(
  session: Session,
  setting: Setting,
  options: GradientComparisonOptions,
): Promise<ReadonlyMap<CheckedKind, GradientCheck>> {
  const { trials, loss, labels = null, kinds = CHECKED_KINDS } = options
  const { step = 2 ** -10, tolerance = 1e-6, floor = 1e-3 } = options
  const exact = await session.gradient(trials, loss, labels ?? undefined)
  const checks = new Map<CheckedKind, GradientCheck>()
  for (const kind of kinds) {
    const values = Float64Array.from(arraysOfKind(setting, kind).flatMap((array) => Array.from(array)))
    const probe = async (numbers: Float64Array): Promise<Probe> => {
      const moved = withNumbers(setting, kind, numbers)
      await session.setParameters(parametersOf(moved.instance))
      const recording = await session.simulate(moved.trials)
      const events = sequenceOf(moved.instance, moved.trials, recording)
      if (isRecorded(loss)) return { value: lossOfRecording(loss, moved, recording, labels), events }
      const labelled = labels === null ? moved.trials : { ...moved.trials, labels }
      const { losses } = await session.evaluate(labelled as LabelledTrials, loss)
      return { value: losses.reduce<number>((sum, value) => sum + (value ?? 0), 0), events }
    }
    const gradient = gradientOfKind(setting, exact, kind)
    const indices = movableNumbers(setting, kind, step)
    checks.set(kind, await checkGradient({ values, gradient, probe, step, indices, tolerance, floor }))
  }
  return checks
}

/** Places of the numbers of a kind that can be moved by a step either way and still mean the same. */
function movableNumbers(setting: Setting, kind: CheckedKind, step: number): readonly number[] {
  if (kind === 'inputTimes') return betweenNeighbours(setting, step)
  const { projections } = setting.instance
  const absent = projections.flatMap(({ absent: mask, weights }) => Array.from(weights, (_, k) => mask?.[k] === 1))
  const canMove = (value: number, index: number): boolean => {
    switch (kind) {
      case 'weights':
        return absent[index] !== true && Math.abs(value) > step
      case 'delays':
      case 'adaptation':
        return value > step
      default:
        return true
    }
  }
  const values = arraysOfKind(setting, kind).flatMap((array) => Array.from(array))
  return values.flatMap((value, index) => (canMove(value, index) ? [index] : []))
}

/** Input spikes that stay in order, and after the start, when one of them moves. */
function betweenNeighbours({ trials }: Setting, step: number): readonly number[] {
  const free: number[] = []
  let first = 0
  for (const { offsets, times } of Object.values(trials.inputs)) {
    for (let trial = 0; trial < trials.count; trial++) {
      const start = offsets[trial] as number
      const train = times.subarray(start, offsets[trial + 1])
      train.forEach((time, k) => {
        const before = train[k - 1] ?? 0
        const after = train[k + 1] ?? Number.POSITIVE_INFINITY
        if (before < time - step && time + step < after) free.push(first + start + k)
      })
    }
    first += times.length
  }
  return free
}
