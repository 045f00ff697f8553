import type { GroupKernel } from '../dynamics/group-kernel.js'
import { RunError } from '../events/errors.js'
import { clipScale, gradientNorm } from '../learning/clip.js'
import { gradientTerms } from '../learning/gradient-terms.js'
import type { Loss } from '../learning/loss.js'
import type {
  EvaluationResult,
  GradientResult,
  LabelledTrials,
  Maxima,
  ParameterKind,
  Parameters,
  Recording,
  Session,
  SimulateOptions,
  StepOptions,
  StepResult,
  Trials,
} from '../learning/session.js'
import { requireEnd } from '../network/decidable.js'
import type { NetworkInstance } from '../network/instance.js'
import type { Network } from '../network/network.js'
import type { Deliver } from '../streams/deliver.js'
import { createMailbox } from '../streams/mailbox.js'
import { createTraffic } from '../streams/traffic.js'
import { checkRecord } from './check-record.js'
import { checkTrials } from './check-trials.js'
import { currentInstance } from './current-instance.js'
import { createParameterUpdates, wakeSilentNeurons } from './parameter-updates.js'
import { createRecorder } from './recorder.js'
import type { Run, RunLoss } from './run.js'
import { runActors } from './run-actors.js'
import { predictionsOf, silentFraction, toParameters } from './session-results.js'
import { wireNetwork } from './wire-network.js'

/** A session whose actors all live in this process. */
export function createLocalSession(network: Network, instance: NetworkInstance, deliver?: Deliver): Session {
  const mailbox = deliver === undefined ? createMailbox() : null
  const traffic = createTraffic(deliver ?? mailbox?.deliver ?? ((message) => message()))
  const wired = wireNetwork(instance, traffic.deliver)
  const kernels = wired.groups.flatMap(({ component }) => component.kernels)
  const updates = kernels.map((kernel) => createParameterUpdates(kernel, wired.cyclic))
  let isClosed = false
  /** Runs take turns: the actors know one run at a time. */
  let turn: Promise<unknown> = Promise.resolve()

  /** Work that was asked for before `close` is still done. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (isClosed) return Promise.reject(new RunError({ code: 'SESSION_CLOSED', message: 'The session is closed.' }))
    const next = turn.then(work, work)
    turn = next.catch(() => undefined)
    return next
  }

  async function run(trials: Trials, loss: RunLoss | null, options: Partial<Run> = {}): Promise<void> {
    checkTrials(instance, trials, loss)
    if (trials.until === Infinity) requireEnd(currentInstance(instance, kernels), trials.until)
    const whole: Run = { trials, loss, gradients: false, stopAfterFirst: false, undefinedSlope: 'refuse', ...options }
    try {
      await runActors(wired, whole, mailbox)
    } finally {
      // What a failed run still has on its way must not reach the next one.
      await traffic.quiet()
    }
  }

  async function record(trials: Trials, groups: readonly string[], work: () => Promise<void>): Promise<Recording> {
    const streams = [...wired.sources, ...wired.groups].map(({ spikes$ }) => spikes$)
    const names = groups.filter((name) => kindOf(name) !== 'li')
    const recorders = names.map((name) => [name, createRecorder(streams, name, trials)] as const)
    try {
      await work()
    } finally {
      for (const [, recorder] of recorders) recorder.stop()
    }
    const readouts = kernels.filter(({ values }) => values.kind === 'li' && groups.includes(values.name))
    return {
      spikes: Object.fromEntries(recorders.map(([name, recorder]) => [name, recorder.trains()])),
      maxima: Object.fromEntries(readouts.map((kernel) => [kernel.values.name, finiteMaxima(kernel)])),
    }
  }

  const kindOf = (name: string) => instance.groups.find((group) => group.name === name)?.kind
  const neuronGroups = instance.groups.filter(({ kind }) => kind !== 'source').map(({ name }) => name)

  function simulate(trials: Trials, { record: groups = neuronGroups }: SimulateOptions = {}): Promise<Recording> {
    return inTurn(() => {
      checkRecord(instance, groups)
      return record(trials, groups, () => run(trials, null))
    })
  }

  function evaluate(trials: LabelledTrials, loss: Loss): Promise<EvaluationResult> {
    return inTurn(async () => {
      await run(trials, withLabels(loss, trials.labels), { stopAfterFirst: loss.kind === 'firstSpike' })
      const results = wired.loss.results()
      return {
        losses: results.map((result) => result.loss),
        predictions: predictionsOf(results),
        silentFraction: silentFraction(kernels, trials.count, loss),
      }
    })
  }

  function gradient(trials: Trials, loss: Loss, labels: Uint8Array | null = null): Promise<GradientResult> {
    return inTurn(async () => {
      const recording = await record(trials, neuronGroups, () =>
        run(trials, withLabels(loss, labels), { gradients: true }),
      )
      return {
        losses: wired.loss.results().map((result) => result.loss),
        recording,
        gradients: toParameters(instance, kernels, (kernel) => kernel.finishGradient()),
        inputTimes: Object.fromEntries(wired.sources.map((source) => [source.name, source.inputGradients()])),
        grazing: kernels.reduce((sum, kernel) => sum + kernel.grazing, 0),
      }
    })
  }

  function train(trials: LabelledTrials, step: StepOptions): Promise<StepResult> {
    return inTurn(async () => {
      const { loss, silentLabelHinge, silentHinge } = step
      await run(
        trials,
        { loss, labels: trials.labels, silentLabelHinge, silentHinge },
        { gradients: true, stopAfterFirst: loss.kind === 'firstSpike', undefinedSlope: 'ignore' },
      )
      const results = wired.loss.results()
      return {
        losses: results.map((result) => result.loss),
        predictions: predictionsOf(results),
        grazing: kernels.reduce((sum, kernel) => sum + kernel.grazing, 0),
        silentFraction: silentFraction(kernels, trials.count, loss),
        gradientNorm: update(trials.count, step),
      }
    })
  }

  /** One optimiser step along the mean gradient; returns its norm before clipping. */
  function update(trials: number, step: StepOptions): number {
    const vectors = new Map(kernels.map((kernel) => [kernel, kernel.finishGradient()]))
    const gradients = toParameters(instance, kernels, (kernel) => vectors.get(kernel) ?? new Float64Array(0))
    const learned = Object.keys(step.rates) as ParameterKind[]
    const norm = gradientNorm(gradientTerms(gradients, instance.projections, instance.groups, learned)) / trials
    const scale = clipScale(norm, step.clipNorm) / trials
    kernels.forEach((kernel, k) => {
      updates[k]?.step(vectors.get(kernel) ?? new Float64Array(0), step, scale)
      const wake = step.silentWeightStep[kernel.values.name] ?? 0
      if (wake !== 0) wakeSilentNeurons(kernel, trials, wake)
    })
    return norm
  }

  async function parameters(): Promise<Parameters> {
    return toParameters(instance, kernels, (kernel) => kernel.parameters)
  }

  async function close(): Promise<void> {
    if (isClosed) return
    isClosed = true
    await turn
    wired.close()
  }

  return { network, simulate, evaluate, gradient, train, parameters, close, [Symbol.asyncDispose]: close }
}

function withLabels(loss: Loss, labels: Uint8Array | null): RunLoss {
  return { loss, labels, silentLabelHinge: 0, silentHinge: {} }
}

/** Voltages beyond the range of a double have no maximum to report. */
function finiteMaxima(kernel: GroupKernel): Maxima {
  const maxima = kernel.maxima()
  if (maxima.values.every(Number.isFinite)) return maxima
  throw new RunError({
    code: 'VOLTAGE_OVERFLOW',
    message: `A voltage of group "${kernel.values.name}" is beyond the range of a double.`,
    details: { group: kernel.values.name },
    remedy: 'Scale the weights into it down.',
  })
}
