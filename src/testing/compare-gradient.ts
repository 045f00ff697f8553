import { RunError } from '../events/errors.js'
import { checkGradient, type GradientCheck, type Probe } from '../learning/gradient-check.js'
import type { Labels } from '../learning/labels.js'
import type { Loss } from '../learning/loss.js'
import { readLoss } from '../learning/read-loss.js'
import type { LabelledTrials, Session, Trials } from '../learning/session.js'
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
import { isRecorded, lossOfRecording } from './loss-of-recording.js'
import { movableNumbers } from './movable-numbers.js'

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
