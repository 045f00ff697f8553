/** Whether a rule may join a neuron to itself, in a projection of a group to itself. */
export interface SelfConnections {
  readonly selfConnections: boolean
}

/** Whether a rule may join the same pair more than once. */
export interface Multiple {
  readonly multiple: boolean
}

/** Every target has `inDegree` synapses, from sources drawn with equal chances. */
export interface FixedInDegree extends SelfConnections, Multiple {
  readonly rule: 'fixedInDegree'
  readonly inDegree: number
}

/** Every source has `outDegree` synapses, to targets drawn with equal chances. */
export interface FixedOutDegree extends SelfConnections, Multiple {
  readonly rule: 'fixedOutDegree'
  readonly outDegree: number
}

/** Every pair has one synapse with the probability given. */
export interface FixedProbability extends SelfConnections {
  readonly rule: 'fixedProbability'
  readonly probability: number
}

/** Unit k to neuron k. */
export interface OneToOne {
  readonly rule: 'oneToOne'
}

/** Which pairs of a projection have a synapse, as a description that partitions follow each for their own neurons. */
export type ConnectionRule = FixedInDegree | FixedOutDegree | FixedProbability | OneToOne

/** Source units and target neurons of a projection. */
export interface RuleShape {
  readonly sources: number
  readonly targets: number
  /** Source and target are the same group, so that a neuron could be joined to itself. */
  readonly isRecurrent: boolean
}

/** Number of partners that a unit may be joined to, of `count` units. */
export function partnersOf(count: number, rule: ConnectionRule, { isRecurrent }: RuleShape): number {
  return isRecurrent && 'selfConnections' in rule && !rule.selfConnections ? count - 1 : count
}

/** Number of synapses that end in some of the targets; the mean of a random number. */
export function expectedSynapses(rule: ConnectionRule, shape: RuleShape, targets: number): number {
  switch (rule.rule) {
    case 'fixedInDegree':
      return rule.inDegree * targets
    case 'fixedOutDegree':
      return (shape.sources * rule.outDegree * targets) / shape.targets
    case 'fixedProbability':
      return rule.probability * partnersOf(shape.sources, rule, shape) * targets
    case 'oneToOne':
      return targets
  }
}
