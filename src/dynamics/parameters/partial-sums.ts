import type { TreeNode } from '../../numerics/tree-nodes.js'

/**
 * What a slice of a group adds to the gradient of numbers that the whole group shares: values[node · count + k] is the sum
 * for number k over all trials and the blocks of one subtree.
 */
export interface PartialSums {
  readonly nodes: readonly TreeNode[]
  /** Node after node, `count` values each. */
  readonly values: Float64Array
}
