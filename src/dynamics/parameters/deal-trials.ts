import { InputError } from '../../events/errors.js'
import type { TrialRange } from '../../events/trial-range.js'
import { type TreeNode, treeSplit } from '../../numerics/tree-nodes.js'
import { TRIAL_CHUNK } from './trial-sum.js'

/** What one replica computes of a mini-batch. */
export interface DealtTrials {
  readonly range: TrialRange
  /** The node of the tree over chunks that these trials are; null: they are the first replica's, and count there alone. */
  readonly node: TreeNode | null
}

/** Chunks of a mini-batch, the last one maybe of fewer trials. */
export function chunksOf(trials: number): number {
  return Math.ceil(trials / TRIAL_CHUNK)
}

/**
 * Deals the trials of a mini-batch to replicas: to each a node of the tree over chunks, so that the sums over its trials are
 * those of the tree; the largest node is as small as that allows. Replicas beyond the number of chunks repeat the first one's
 * trials, for no kernel runs none.
 */
export function dealTrials(trials: number, replicas: number): readonly DealtTrials[] {
  const chunks = chunksOf(trials)
  let nodes: readonly TreeNode[] = [{ from: 0, to: chunks }]
  while (nodes.length < Math.min(replicas, chunks)) nodes = halvedOnce(nodes)
  const dealt = nodes.map((node): DealtTrials => {
    return { node, range: { start: TRIAL_CHUNK * node.from, end: Math.min(trials, TRIAL_CHUNK * node.to) } }
  })
  const [{ range }] = dealt as [DealtTrials]
  const idle = Array.from({ length: replicas - dealt.length }, (): DealtTrials => ({ range, node: null }))
  return [...dealt, ...idle]
}

/**
 * Raises `InputError` REPLICAS_TOO_MANY where a mini-batch has fewer chunks than there are replicas.
 *
 * @param field what the number of replicas is called where it was given
 */
export function requireChunks(trials: number, replicas: number, field = 'options.replicas'): void {
  const chunks = chunksOf(trials)
  if (replicas <= chunks) return
  throw new InputError({
    code: 'REPLICAS_TOO_MANY',
    field,
    found: `${replicas} replicas for mini-batches of ${trials} trials`,
    expected: `at most ${chunks}: a replica computes chunks of ${TRIAL_CHUNK} trials`,
    remedy: `Give ${chunks === 1 ? 'none' : `at most ${chunks}`}, or a batch of ${TRIAL_CHUNK * (replicas - 1) + 1} trials or more.`,
  })
}

/** The first one of the largest nodes is cut in two. */
function halvedOnce(nodes: readonly TreeNode[]): readonly TreeNode[] {
  const lengths = nodes.map(({ from, to }) => to - from)
  const largest = lengths.indexOf(Math.max(...lengths))
  return nodes.flatMap((node, k) => {
    if (k !== largest) return [node]
    const middle = node.from + treeSplit(node.to - node.from)
    return [
      { from: node.from, to: middle },
      { from: middle, to: node.to },
    ]
  })
}
