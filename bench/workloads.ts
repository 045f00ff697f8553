import { yinYang, yinYangPreset } from '../dist/data/index.js'
import {
  connect,
  defineNetwork,
  dense,
  li,
  lif,
  type Network,
  normal,
  perSource,
  perSynapse,
  type StepOptions,
  source,
  type Task,
  uniform,
  vMax,
} from '../dist/index.js'
import { drawnImages } from './drawn-images.js'

/** A task to train and how; its samples are drawn, so that no file is needed. */
export interface Workload {
  readonly name: string
  readonly task: Task
  readonly batch: number
}

const NEURON = { tauMem: 20, tauSyn: 5, threshold: 1 }
const READOUT = { tauMem: 20, tauSyn: 5 }

/** Input spikes of an image of MNIST, and the time in ms they come in. */
export const IMAGES = { inputs: 784, spikes: 150, span: 20 } as const

/** Yin-Yang 5-200-3 with initial weights that make about 30 hidden spikes a sample, as many as after training. */
export function yinYangWorkload(batch: number): Workload {
  const task = yinYang({
    hidden: 200,
    biasSpike: true,
    weights: { input: { mean: 1.29, std: 0.645 }, output: { drive: 186, spread: 1.1 } },
  })
  return { name: `Yin-Yang 5-200-3, batch ${batch}`, task, batch }
}

const PRESET_TASK = yinYang(yinYangPreset(['weights', 'delays', 'thresholds']).task)

/** What `npm start` trains. */
export const PRESET: Workload = { name: 'Yin-Yang 5-120-3, batch 32', task: PRESET_TASK, batch: 32 }

/** A step of its preset: weights, delays and thresholds learn. */
export const PRESET_STEP: StepOptions = {
  loss: PRESET_TASK.loss,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  rates: { weights: 0.005, delays: 0.1, thresholds: 0.001 },
  bounds: { delays: [0, 20], thresholds: [0.5, Infinity] },
  clipNorm: Infinity,
  silentLabelHinge: 1,
  silentHinge: {},
  silentWeightStep: {},
}

const HIDDEN = 350
const TAU_RATIO = 4

interface ImageShape {
  readonly hidden?: number
  /** Input spikes of a sample. */
  readonly spikes?: number
  /** Length of a trial in ms. */
  readonly until?: number
  /** tauMem over tauSyn; default 4. */
  readonly tauRatio?: number
  /** Of the input synapses, drawn from 0 on, one each, in ms; default: none has a delay. */
  readonly longestDelay?: number
}

export type ImageWorkload = ImageShape & Pick<Workload, 'batch'>

/**
 * The shape of MNIST, 784-350-10 unless told otherwise, with drawn images. About one spike per hidden neuron and sample
 * at the initial weights, whose mean and spread make up for other numbers of input spikes and other time constants.
 */
export function imageWorkload({ batch, ...shape }: ImageWorkload): Workload {
  const { hidden = HIDDEN, tauRatio = TAU_RATIO } = shape
  const taus = tauRatio === TAU_RATIO ? '' : `, tauMem ${tauRatio} tauSyn`
  return { name: `MNIST shape 784-${hidden}-10, batch ${batch}${taus}`, task: imageTask(shape), batch }
}

/** The task of `imageWorkload`; processes of a cluster make it, too, and encode its samples where they are needed. */
export function imageTask(shape: ImageShape): Task {
  const { hidden = HIDDEN, spikes = IMAGES.spikes, until = 40, tauRatio = TAU_RATIO, longestDelay } = shape
  const share = IMAGES.spikes / spikes
  const peak = peakOf(NEURON.tauMem / NEURON.tauSyn) / peakOf(tauRatio)
  const weights = normal(0.0695 * share * peak, 0.045 * Math.sqrt(share) * peak)
  const delay = longestDelay === undefined ? {} : { delay: perSynapse(uniform(0, longestDelay)) }
  const tauSyn = READOUT.tauMem / tauRatio
  const neuron = { ...NEURON, tauSyn }
  const network = defineNetwork({
    groups: { input: source(IMAGES.inputs), hidden: lif(hidden, neuron), output: li(10, { ...READOUT, tauSyn }) },
    projections: [
      connect('input', 'hidden', dense(weights), delay),
      connect('hidden', 'output', dense(normal(0.2, 0.37))),
    ],
  })
  const data = drawnImages({ ...IMAGES, spikes })
  const splits = { train: data, validation: data, test: data }
  const origin = { module: import.meta.url, name: imageTask.name, arguments: [{ ...shape }] }
  return { name: 'images', ...splits, until, loss: vMax('output'), network, origin }
}

/** Peak of what a spike does to a voltage, by tauMem over tauSyn, a ratio r: (1/(r - 1)) (r^(-1/(r - 1)) - r^(-r/(r - 1))). */
function peakOf(r: number): number {
  return (r ** (-1 / (r - 1)) - r ** (-r / (r - 1))) / (r - 1)
}

/** Two hidden layers, 784-256-256-10, with the images of `imageWorkload`: about one spike per hidden neuron and sample. */
export function deepWorkload({ batch }: Pick<Workload, 'batch'>): Workload {
  const task = imageTask({})
  const hidden = lif(256, NEURON)
  const network = defineNetwork({
    groups: { input: source(IMAGES.inputs), hidden1: hidden, hidden2: hidden, output: li(10, READOUT) },
    projections: [
      connect('input', 'hidden1', dense(normal(0.0695, 0.045))),
      connect('hidden1', 'hidden2', dense(normal(0.03, 0.03))),
      connect('hidden2', 'output', dense(normal(0.2, 0.37))),
    ],
  })
  return { name: `784-256-256-10, batch ${batch}`, task: { ...task, network }, batch }
}

export type LayerDelays = 'shared' | 'per source' | 'per synapse'

export interface Layer {
  readonly delays: LayerDelays
  readonly adaptation: boolean
  /** Mean of the initial weights: sets the firing rate. */
  readonly mean: number
}

export const LAYER_NEURONS = 350

/** The first layer of the shape of MNIST alone, groups `input` and `hidden`. */
export function layerNetwork({ delays, adaptation, mean }: Layer): Network {
  const neuron = adaptation ? { ...NEURON, adaptStep: 0.1, tauAdapt: 20 } : NEURON
  return defineNetwork({
    groups: { input: source(IMAGES.inputs), hidden: lif(LAYER_NEURONS, neuron) },
    projections: [connect('input', 'hidden', dense(normal(mean, 0.045)), delayOf(delays))],
  })
}

function delayOf(delays: LayerDelays) {
  if (delays === 'per source') return { delay: perSource(uniform(0, 3)) }
  return delays === 'per synapse' ? { delay: perSynapse(uniform(0, 3)) } : {}
}
