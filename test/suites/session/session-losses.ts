import type { Loss } from '../../../src/learning/loss.js'

export const LOSSES: readonly Loss[] = [
  { kind: 'spikeCount', group: 'b', tau: 20 },
  { kind: 'vMax', group: 'r' },
  { kind: 'liIntegral', group: 'r', tau: 12, scale: 0.1 },
  { kind: 'firstSpike', group: 'b', tau0: 0.5, alpha: 0.003, tau1: 6.4 },
]
