import type { ProjectionValues } from '../network/instance.js'
import type { GradientTerm } from './clip.js'
import type { ParameterKind, Parameters } from './session.js'

type Shape = Pick<ProjectionValues, 'key' | 'targets' | 'targetSize' | 'delayShape'>

/**
 * The arrays of a gradient that count towards its norm, in the one order every placement uses: per projection in file
 * order weights, delays; then per group in file order threshold, adaptStep, bias; learned kinds only.
 */
export function gradientTerms(
  gradients: Parameters,
  projections: readonly Shape[],
  groups: readonly { readonly name: string }[],
  learned: readonly ParameterKind[],
): readonly GradientTerm[] {
  const terms: GradientTerm[] = []
  for (const { key, targets, targetSize, delayShape } of projections) {
    const gradient = gradients.projections[key]
    if (gradient === undefined) continue
    const { weights, delays } = gradient
    if (learned.includes('weights')) terms.push({ kind: 'perSynapse', values: weights, targets, targetSize })
    if (!learned.includes('delays')) continue
    if (delayShape === 'perSynapse') terms.push({ kind: 'perSynapse', values: delays, targets, targetSize })
    else if (delayShape !== 'none') terms.push({ kind: 'perNeuron', values: delays })
  }
  for (const { name } of groups) {
    const gradient = gradients.groups[name]
    if (gradient === undefined) continue
    const { threshold, adaptStep, bias } = gradient
    if (learned.includes('thresholds') && threshold) terms.push({ kind: 'perNeuron', values: threshold })
    if (learned.includes('adaptation') && adaptStep) terms.push({ kind: 'perNeuron', values: adaptStep })
    if (learned.includes('bias')) terms.push({ kind: 'perNeuron', values: bias })
  }
  return terms
}
