import type { SpikeTrains } from '../../src/events/spike-trains.js'
import { clipScale, measureGradient } from '../../src/learning/clip.js'
import { largestMagnitude, squaresOf } from '../../src/learning/gradient-squares.js'
import type { Labels } from '../../src/learning/labels.js'
import type { FirstSpikeLoss, Loss } from '../../src/learning/loss.js'
import { createOptimizer } from '../../src/learning/optimizers/create-optimizer.js'
import type { LabelledTrials, Session, Trials } from '../../src/learning/session.js'
import type { Dataset, Task } from '../../src/learning/task.js'
import type { LifGroup, Network } from '../../src/network/description/network.js'
import { evaluateSpikeLoss } from '../support/evaluate-losses.js'
import { trainsOf } from './trains.js'

/** Two inputs and a constant one; two outputs that race. */
export const INPUTS = 3
export const OUTPUTS = 2
const KEY = 'input->output'

const output: LifGroup = {
  kind: 'lif',
  size: OUTPUTS,
  tauMem: 20,
  tauSyn: 5,
  threshold: 1,
  vReset: 0,
  bias: 0,
  refractory: 0,
  tauAdapt: 100,
  adaptStep: 0,
}

export const raceNetwork: Network = {
  groups: [
    { name: 'input', kind: 'source', size: INPUTS },
    { name: 'output', ...output },
  ],
  projections: [
    {
      source: 'input',
      target: 'output',
      key: KEY,
      connectivity: { kind: 'dense', absent: [] },
      weights: 0,
      delays: { kind: 'none' },
    },
  ],
}

export const raceLoss: FirstSpikeLoss = { kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0, tau1: 1 }

/** Points of a grid; the label says which of their two coordinates is larger. */
export function raceDataset(size: number, start: number): Dataset {
  const point = (sample: number) => [((start + sample) * 29) % 101, ((start + sample) * 47) % 103, 100] as const
  return {
    size,
    classes: OUTPUTS,
    labels: Uint8Array.from({ length: size }, (_, sample) => (point(sample)[0] > point(sample)[1] ? 1 : 0)),
    encode: (samples) => ({
      input: trainsOf([...samples].map((sample) => point(sample).map((value, unit) => ({ time: value / 100, unit })))),
    }),
  }
}

export function raceTask(sizes: { train: number; validation: number }): Task {
  return {
    name: 'race',
    train: raceDataset(sizes.train, 0),
    validation: raceDataset(sizes.validation, 4000),
    test: raceDataset(10, 8000),
    until: 100,
    loss: raceLoss,
    network: raceNetwork,
  }
}

export interface RaceOptions {
  /** An output that would spike after this time is silent; default never. */
  readonly silentAfter?: number
}

/** A session whose neurons are linear, so that everything about it is known: t_out = 10 + sum_i w_i t_i, one spike each. */
export function openLinearRace({ silentAfter = Number.POSITIVE_INFINITY }: RaceOptions = {}): Session {
  const weights = new Float64Array(OUTPUTS * INPUTS)
  let optimizer: ReturnType<typeof createOptimizer> | null = null

  const inputTimes = ({ inputs }: Trials, trial: number): number[] => {
    const { offsets, times, units } = inputs.input as SpikeTrains
    const point = new Array<number>(INPUTS).fill(0)
    for (let spike = offsets[trial]!; spike < offsets[trial + 1]!; spike++) point[units[spike]!] = times[spike]!
    return point
  }
  const race = (trials: Trials): SpikeTrains =>
    trainsOf(
      Array.from({ length: trials.count }, (_, trial) => {
        const point = inputTimes(trials, trial)
        const spikes = Array.from({ length: OUTPUTS }, (_, unit) => ({
          unit,
          time: point.reduce((sum, time, input) => sum + weights[unit * INPUTS + input]! * time, 10),
        }))
        return spikes.filter(({ time }) => time <= silentAfter)
      }),
    )
  const outcome = (trials: Trials, loss: Loss, labels: Labels) => {
    if (loss.kind !== 'firstSpike') throw new Error('not a race')
    const trains = race(trials)
    const explicit = new Float64Array(trains.times.length)
    const gradient = new Float64Array(weights.length)
    const results = Array.from(labels, (label, trial) =>
      evaluateSpikeLoss(loss, OUTPUTS, trains, trial, label, explicit),
    )
    for (let trial = 0; trial < trials.count; trial++) {
      const point = inputTimes(trials, trial)
      for (let spike = trains.offsets[trial]!; spike < trains.offsets[trial + 1]!; spike++) {
        point.forEach((time, input) => {
          gradient[trains.units[spike]! * INPUTS + input]! += explicit[spike]! * time
        })
      }
    }
    return {
      trains,
      gradient,
      losses: results.map((result) => result.loss),
      predictions: Int32Array.from(results, (result) => result.prediction),
      silentFraction: 1 - trains.times.length / (OUTPUTS * trials.count),
      hiddenSpikes: 0,
      grazing: 0,
    }
  }
  const parameters = (of: Float64Array) => ({
    projections: { [KEY]: { weights: of.slice(), delays: new Float64Array(0) } },
    groups: { output: { bias: new Float64Array(OUTPUTS) } },
  })
  const close = async () => {}
  return {
    network: raceNetwork,
    simulate: async (trials) => ({ spikes: { output: race(trials) }, maxima: {} }),
    evaluate: async (trials: LabelledTrials, loss) => outcome(trials, loss, trials.labels),
    gradient: async (trials, loss, labels = new Uint8Array(trials.count)) => {
      const { trains, gradient, losses, grazing } = outcome(trials, loss, labels)
      const recording = { spikes: { output: trains }, maxima: {} }
      return { losses, recording, gradients: parameters(gradient), inputTimes: {}, grazing }
    },
    train: async (trials, step) => {
      const { gradient, ...result } = outcome(trials, step.loss, trials.labels)
      optimizer ??= createOptimizer(step.optimizer, weights.length)
      const gradientNorm = await meanGradientNorm(gradient, trials.count)
      const scale = clipScale(gradientNorm, step.clipNorm) / trials.count
      const [min, max] = step.bounds.weights!
      optimizer.step(weights, gradient, { rate: step.rates.weights!, scale, min, max })
      return { ...result, gradientNorm }
    },
    parameters: async () => parameters(weights),
    save: async () => ({ parameters: parameters(weights), memories: [] }),
    restore: async (state) => {
      weights.set(state.parameters.projections[KEY]!.weights)
      optimizer = null
    },
    setParameters: async ({ projections }) => weights.set(projections[KEY]!.weights),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function meanGradientNorm(gradient: Float64Array, trials: number): Promise<number> {
  const held = { start: 0, size: gradient.length, total: gradient.length }
  const squares = async (scale: number) => [squaresOf({ term: 0, values: gradient, targets: null, ...held }, scale)]
  return squares(1).then(
    async (parts) => (await measureGradient(parts, largestMagnitude([gradient]), squares))() / trials,
  )
}
