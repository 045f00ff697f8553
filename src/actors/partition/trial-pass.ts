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
import type { ReplicaSums } from './learning/replica-sums.js'
import { layoutParts } from './learning/slice-parameters.js'
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
  readonly replicas: ReplicaSums | null
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
  const { core, network, wired, stages, requireRunning } = options
  const watchRun = createRunWatch(network, wired)
  const gradients = createPassGradients(options)
  let current: (PassUnderWay & Pick<ActorRun, 'abort'>) | null = null
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
    else if (given.until === Infinity) requireUndriven(wired.kernels.map(currentValues))
    reached = null
    const watched = watchRun(order)
    const recording = startRecording(wired, order)
    emitted = 0
    try {
      await runAll(order)
      reached = segment?.end ?? null
    } finally {
      recording.stop()
      watched.stop()
    }
    const spikes = recording.trains()
    const { terms } = gradients
    return stages.report(() => ({
      ...reportRun(wired, order, { spikes, emitted, gradients: gradients.current().ofKernels, terms }),
      ...watched.report(),
    }))
  }

  function requireContinuation({ from, start }: Segment): void {
    if (from === 'last' && start !== reached)
      throw new InternalError(`A segment continues from ${start} ms, where no segment has ended.`, { core })
  }

  async function runAll(order: RunOrder): Promise<void> {
    const { number, run } = order
    gradients.begin()
    options.replicas?.begin()
    for (const tally of wired.firing) tally.begin(run.trials)
    for (const part of wired.shared) part.begin()
    options.starting(order)
    // What came early may have been wrong.
    requireRunning(number)
    const actors = runActors(wired, run)
    // It is awaited below; if something else fails before that, its rejection must not count as unhandled.
    actors.done.catch(() => undefined)
    current = { number, observed: run.loss?.loss.group ?? null, waiting: actors.waiting, abort: actors.abort }
    await actors.done
    if (!run.gradients) return
    requireRunning(number)
    await gradients.close(order)
  }

  return {
    carryOut,
    underWay: () => current,
    abort: (reason) => current?.abort(reason),
    over() {
      current = null
    },
    gradients: gradients.current,
    terms: gradients.terms,
    forgetGradients: gradients.forget,
    states() {
      if (reached === null) throw new InternalError('No segment has ended here that could be gone on from.', { core })
      const ofGroups = wired.groups.flatMap(({ component }) => statesOfComponent(component))
      return [...wired.sources.flatMap((source) => source.states()), ...ofGroups]
    },
  }
}

/** What the last pass has left to learn from. */
interface PassGradients {
  /** A pass begins. */
  begin(): void
  /** Takes the gradients from the kernels, once all actors are done, and shares those of shared parameters. */
  close(order: RunOrder): Promise<void>
  current(): RunGradients
  terms: TrialPass['terms']
  forget(): void
}

function createPassGradients({
  network,
  wired: { kernels, shared, firing },
  watch,
  stages,
  noisy,
  replicas,
}: TrialPassOptions): PassGradients {
  const termsOf = new Map(kernels.map((kernel) => [kernel, createSliceTerms(network, kernel)]))
  let ofKernels: RunGradients['ofKernels'] = new Map()
  let spikes: RunGradients['spikes'] = new Map()
  const taken = () => new Map(kernels.map((kernel) => [kernel, kernel.closeGradient()]))

  function forget(): void {
    ofKernels = new Map()
  }

  return {
    begin: forget,
    async close({ run, report, learned, share }) {
      spikes = new Map(firing.map((tally) => [tally.group, tally.firing().spikes]))
      const parts = share === undefined ? undefined : layoutParts(learned)
      const sumTrials = () => kernels.flatMap((kernel) => kernel.sumTrials(parts))
      const sums = stages.gradient(() => watch.measure(sumTrials))
      if (share !== undefined) await sumsOf(replicas).combine([...sums, ...spikes.values()], share)
      ofKernels = stages.gradient(() => watch.measure(taken))
      const wanted = shared.filter(({ kind }) => report === 'gradients' || learned.includes(kind))
      await Promise.all(wanted.map((part) => part.reduce()))
      if (run.noise !== undefined) noisy.correct(ofKernels)
    },
    current: () => ({ ofKernels, spikes }),
    terms: (learned) => [...ofKernels].flatMap(([kernel, gradient]) => termsOf.get(kernel)?.(gradient, learned) ?? []),
    forget,
  }
}

function sumsOf(replicas: ReplicaSums | null): ReplicaSums {
  if (replicas === null) throw new InternalError('A core without replicas was ordered a part of a mini-batch.')
  return replicas
}

/** Records the spikes of those groups of an order that have a slice here. */
function startRecording(wired: WiredPartition, { record, run }: RunOrder) {
  const recorders = record
    .filter((name) => isHeld(wired, name))
    .map((name) => [name, createRecorder(streamsOf(wired, name), name, run.trials)] as const)
  return {
    stop() {
      for (const [, recorder] of recorders) recorder.stop()
    },
    trains: () =>
      Object.fromEntries(recorders.map(([name, recorder]): [string, SpikeTrains] => [name, recorder.trains()])),
  }
}

/** Whether a group of spikes has a slice here. */
function isHeld({ sources, kernels }: WiredPartition, name: string): boolean {
  if (sources.some((source) => source.name === name)) return true
  return kernels.some(({ values }) => values.name === name && canSpike(values))
}

/** The spikes of a group, of those of its actors that are here; empty where none is. */
function streamsOf(wired: WiredPartition, name: string): readonly Observable<SpikeBatch>[] {
  const sources = wired.sources.filter((source) => source.name === name)
  const groups = wired.groups.filter(({ component }) => component.kernels.some(({ values }) => values.name === name))
  return [...sources, ...groups].map(({ spikes$ }) => spikes$)
}

/** A slice with the biases and thresholds of this moment, as far as questions about run ends need them. */
function currentValues({ values, layout, parametersButWeights: parameters }: Kernel): GroupValues {
  const part = (from: number) => parameters.subarray(from, from + values.size)
  const bias = part(layout.bias)
  if (values.kind === 'actor') return values
  return isReadout(values) ? { ...values, bias } : { ...values, bias, threshold: part(layout.threshold) }
}
