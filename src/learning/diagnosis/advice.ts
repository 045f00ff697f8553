import { ASKED_FOR, type KernelChoice } from '../../dynamics/kernels/choose-kernel.js'
import { entryOf } from '../../events/by-name.js'
import type { StepOptions } from '../session.js'
import { type EpochDiagnosis, EXPLOSION, type LayerDiagnosis } from './layer-diagnosis.js'

/** From these shares on something is said: of neurons, of trials, of (neuron, trial) pairs, of mini-batches, of spikes. */
const SHARES = { silentNeurons: 0.3, silentLabels: 0.2, saturated: 0.1, exploding: 0.02, grazing: 0.02 } as const

/** How the epoch was trained, and what else it showed. */
export interface AdviceContext {
  readonly step: Pick<StepOptions, 'loss' | 'silentHinge' | 'silentLabelHinge' | 'clipNorm'>
  /** Share of trials without a loss because their label unit was silent. */
  readonly silentLabelFraction: number
  /** What computes the layers; default: nothing is known of it. */
  readonly kernels?: readonly KernelChoice[] | undefined
}

/**
 * What is wrong with an epoch, in plain sentences, the layer first: neurons that never spike or do so all the time,
 * gradients that explode, are unreliable or do not arrive, kernels that take long. None if nothing is.
 *
 * @example
 * adviceOn(diagnosis, context)
 * // ['hidden: 62 % of neurons never spike; raise the initial weights or switch on the silent hinge.']
 */
export function adviceOn({ layers }: EpochDiagnosis, context: AdviceContext): readonly string[] {
  return Object.entries(layers).flatMap(([name, layer]) => {
    const sentences = [
      name === context.step.loss.group ? onSilentOutput(layer, context) : onSilence(name, layer, context),
      onSaturation(layer),
      onExplosion(layer, context),
      onGrazing(layer),
      onNoGradient(layer),
      onKernel(name, context),
    ]
    return sentences.flatMap((sentence) => (sentence === null ? [] : [`${name}: ${sentence}.`]))
  })
}

function onSilence(name: string, { silentNeurons }: LayerDiagnosis, { step }: AdviceContext): string | null {
  if (silentNeurons === null || silentNeurons < SHARES.silentNeurons) return null
  const who = silentNeurons === 1 ? 'no neuron ever spikes' : `${percent(silentNeurons)} of neurons never spike`
  return `${who}; raise the initial weights or ${orMore(entryOf(step.silentHinge, name))} the silent hinge`
}

/** One silent unit is a class that cannot be told. */
function onSilentOutput({ silentNeurons }: LayerDiagnosis, { step, silentLabelFraction }: AdviceContext) {
  const remedy = `raise the initial weights or ${orMore(step.silentLabelHinge)} the hinge on silent labels`
  if (silentNeurons === 1) return `no unit ever spikes; ${remedy}`
  if (silentNeurons !== null && silentNeurons > 0)
    return `${percent(silentNeurons)} of its units never spike, so their classes are never told; ${remedy}`
  if (silentLabelFraction < SHARES.silentLabels) return null
  return `the unit of the label is silent in ${percent(silentLabelFraction)} of trials, which then have no loss; ${remedy}`
}

function onSaturation({ saturated, spikes }: LayerDiagnosis): string | null {
  if (saturated === null || spikes === null || saturated < SHARES.saturated) return null
  const often = `${percent(saturated)} of neurons are saturated in a trial, at ${spikes.toFixed(1)} spikes on average`
  return `${often}; lower the initial weights or bound the thresholds from below`
}

function onExplosion({ exploding }: LayerDiagnosis, { step }: AdviceContext): string | null {
  if (exploding === null || exploding < SHARES.exploding) return null
  const clip = step.clipNorm === Number.POSITIVE_INFINITY ? 'clip the gradient' : 'clip at a smaller norm'
  const often = `in ${percent(exploding)} of mini-batches the gradient is more than ${EXPLOSION} times its median`
  return `${often}; ${clip} or lower the learning rate`
}

function onGrazing({ grazingFraction }: LayerDiagnosis): string | null {
  if (grazingFraction === null || grazingFraction < SHARES.grazing) return null
  const often = `${percent(grazingFraction)} of spikes graze the threshold, and their gradients are unreliable`
  return `${often}; take slower synapses (tauSyn) or clip the gradient`
}

/** A layer without spikes has been told so. */
function onNoGradient({ gradientNorm, silentNeurons }: LayerDiagnosis): string | null {
  if (gradientNorm !== 0 || silentNeurons === 1) return null
  return 'no gradient arrives, so nothing is learned; what it drives is silent, or its spikes arrive after the trial ends'
}

/** Advice on groups on the reference kernel; none where that was chosen by an option. */
function onKernel(name: string, { kernels = [] }: AdviceContext): string | null {
  const { reasons = [], engine } = kernels.find(({ group }) => group === name) ?? {}
  if (engine !== 'reference' || reasons.includes(ASKED_FOR)) return null
  return `runs on the reference kernel, which takes long, because ${reasons.join('; ')}`
}

function orMore(strength = 0): string {
  return strength > 0 ? 'strengthen' : 'switch on'
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`
}
