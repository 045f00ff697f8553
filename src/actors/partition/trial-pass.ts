import type { Observable } from 'rxjs'
import type { Kernel } from '../../dynamics/kernels/kernel.js'
import { InternalError } from '../../events/errors.js'
import type { SpikeBatch } from '../../events/spike-batch.js'
import type { SpikeTrains } from '../../events/spike-trains.js'
import type { GradientTerm } from '../../learning/gradient-squares.js'
import type { ParameterKind } from '../../learning/session.js'
import type { Network } from '../../network/description/network.js'
import { requireUndriven } from '../../network/graph/decidable.js'
import type { GroupValues } from '../../network/instance/instance.js'
import { canSpike, isReadout } from '../../network/models/models.js'
import { createRecorder } from '../group/recorder.js'
import type { Segment, UnitStates } from '../group/run.js'
import { type ActorRun, runActors, type WaitingActor } from '../group/run-actors.js'
import type { Stopwatch } from '../group/stopwatch.js'
import { statesOfComponent } from '../group/unit-states.js'
import type { RunStages } from '../trace/run-stages.js'
import { createRunWatch } from '../watch/run-watch.js'
import type { RunGradients } from './learning/learner.js'
import { createSliceTerms } from './learning/slice-terms.js'
import type { NoisyKernels } from './noise/kernel-noise.js'
import type { RunOrder, RunReport } from './partition.js'
import { reportRun } from './run-report.js'
import type { WiredPartition } from './wiring/wire-partition.js'

export interface TrialPassOptions {
  readonly core: number
  readonly network: Network
  readonly wired: WiredPartition
  readonly watch: Stopwatch
  readonly stages: RunStages
  readonly noisy: Pick<NoisyKernels, 'correct'>
  /** See `ActorPartitionOptions`. */
  starting(order: RunOrder): void
  /** Throws once the run is broken off. */
  requireRunning(number: number): void
}

/** A pass in progress. */
interface PassUnderWay {
  readonly number: number
  /** The group of the loss. */
  readonly observed: string | null
  waiting(): readonly WaitingActor[]
}

/** The pass of the actors of a partition over the trials of an order, one at a time. */
export interface TrialPass {
  /** All of an order but its step. Whatever comes of it, `over` is due then. */
  carryOut(order: RunOrder): Promise<RunReport>
  underWay(): PassUnderWay | null
  abort(reason: unknown): void
  over(): void
  /** What the last pass has left to learn from; empty where it was without gradients. */
  gradients(): RunGradients
  /** The arrays of these gradients that count towards the norm, of learned kinds. */
  terms(learned: readonly ParameterKind[]): readonly GradientTerm[]
  /** The parameters are no longer those of the last pass. */
  forgetGradients(): void
  /** Where the last segment ended. */
  states(): readonly UnitStates[]
}

export function createTrialPass(options: TrialPassOptions): TrialPass {
  const { core, network, wired, watch, stages, noisy, requireRunning } = options
  const { kernels, shared } = wired
  const watchRun = createRunWatch(network, wired)
  const termsOf = new Map(kernels.map((kernel) => [kernel, createSliceTerms(network, kernel)]))
  let current: { readonly number: number; readonly actors: ActorRun; readonly observed: string | null } | null = null
  let ofKernels: RunGradients['ofKernels'] = new Map()
  let trials = 0
  /** End of the segment that the kernels stand at; null when the last run was none. */
  let reached: number | null = null
  /** Spikes of the neurons here in the present run so far. */
  let emitted = 0
  for (const { spikes$ } of wired.groups)
    spikes$.subscribe(({ times }) => {
      emitted += times.length
    })

  async function carryOut(order: RunOrder): Promise<RunReport> {
    const { trials: given, segment } = order.run
    if (segment !== undefined) requireContinuation(segment)
    else if (given.until === Infinity) requireUndriven(kernels.map(currentValues))
    reached = null
    const here = order.record.filter((name) => isHeld(name))
    const watched = watchRun(order)
    const recorders = here.map((name) => [name, createRecorder(streamsOf(name), name, given)] as const)
    emitted = 0
    try {
      await runAll(order)
      reached = segment?.end ?? null
    } finally {
      for (const [, recorder] of recorders) recorder.stop()
      watched.stop()
    }
    const spikes = Object.fromEntries(
      recorders.map(([name, recorder]): [string, SpikeTrains] => [name, recorder.trains()]),
    )
    return stages.report(() => ({
      ...reportRun(wired, order, { spikes, emitted, gradients: ofKernels, terms }),
      ...watched.report(),
    }))
  }

  function requireContinuation({ from, start }: Segment): void {
    if (from === 'last' && start !== reached)
      throw new InternalError(`A segment continues from ${start} ms, where no segment has ended.`, { core })
  }

  /** Whether a group of spikes has a slice here. */
  function isHeld(name: string): boolean {
    if (wired.sources.some((source) => source.name === name)) return true
    return kernels.some(({ values }) => values.name === name && canSpike(values))
  }

  /** The spikes of a group, of those of its actors that are here; empty where none is. */
  function streamsOf(name: string): readonly Observable<SpikeBatch>[] {
    const sources = wired.sources.filter((source) => source.name === name)
    const groups = wired.groups.filter(({ component }) => component.kernels.some(({ values }) => values.name === name))
    return [...sources, ...groups].map(({ spikes$ }) => spikes$)
  }

  async function runAll(order: RunOrder): Promise<void> {
    const { number, run, report, learned } = order
    ofKernels = new Map()
    trials = run.trials.count
    for (const tally of wired.firing) tally.begin(run.trials)
    for (const part of shared) part.begin()
    options.starting(order)
    // What came early may have been wrong.
    requireRunning(number)
    const actors = runActors(wired, run)
    // It is awaited below; if something else fails before that, its rejection must not count as unhandled.
    actors.done.catch(() => undefined)
    current = { number, actors, observed: run.loss?.loss.group ?? null }
    await actors.done
    if (!run.gradients) return
    requireRunning(number)
    ofKernels = stages.gradient(() => watch.measure(finishGradients))
    const wanted = shared.filter(({ kind }) => report === 'gradients' || learned.includes(kind))
    await Promise.all(wanted.map((part) => part.reduce()))
    if (run.noise !== undefined) noisy.correct(ofKernels)
  }

  function terms(learned: readonly ParameterKind[]): readonly GradientTerm[] {
    return [...ofKernels].flatMap(([kernel, gradient]) => termsOf.get(kernel)?.(gradient, learned) ?? [])
  }

  function finishGradients(): RunGradients['ofKernels'] {
    return new Map(kernels.map((kernel) => [kernel, kernel.closeGradient()]))
  }

  return {
    carryOut,
    underWay() {
      if (current === null) return null
      const { number, actors, observed } = current
      return { number, observed, waiting: () => actors.waiting() }
    },
    abort: (reason) => current?.actors.abort(reason),
    over() {
      current = null
    },
    gradients: () => ({ ofKernels, trials }),
    terms,
    forgetGradients() {
      ofKernels = new Map()
    },
    states() {
      if (reached === null) throw new InternalError('No segment has ended here that could be gone on from.', { core })
      const ofGroups = wired.groups.flatMap(({ component }) => statesOfComponent(component))
      return [...wired.sources.flatMap((source) => source.states()), ...ofGroups]
    },
  }
}

/** A slice with the biases and thresholds of this moment, as far as questions about run ends need them. */
function currentValues({ values, layout, parametersButWeights: parameters }: Kernel): GroupValues {
  const part = (from: number) => parameters.subarray(from, from + values.size)
  const bias = part(layout.bias)
  if (values.kind === 'actor') return values
  return isReadout(values) ? { ...values, bias } : { ...values, bias, threshold: part(layout.threshold) }
}
