import type { TellDone } from './drawn-rows.js'

/** What takes long in large networks: drawing the `synapses` of rules, and finding out where `spikes` go. */
export interface ReachProgress {
  readonly stage: 'synapses' | 'spikes'
  readonly done: number
  readonly of: number
}

export type TellReach = (progress: ReachProgress) => void

/** Tells of one stage. */
export function tellStage<Stage>(
  stage: Stage,
  tell: (progress: { readonly stage: Stage; readonly done: number; readonly of: number }) => void,
): TellDone {
  return (done, of) => tell({ stage, done, of })
}
