import type { LifValues, LiValues } from '../../../../network/instance/instance.js'
import type { NearMissRole } from '../../kernel.js'
import { hasTwoCurrents, type SimdLayout } from './simd-layout.js'

/** Whether a group finds near misses of its own, or answers those of others: where its neurons share their arrivals. */
export function takesNearMisses(
  values: LifValues | LiValues,
  { hasOwnFeed, hasOwnTaus }: Pick<SimdLayout, 'hasOwnFeed' | 'hasOwnTaus'>,
  role: NearMissRole,
): boolean {
  if (role !== 'own') return values.kind === 'li' || !hasOwnFeed
  return values.kind === 'lif' && !hasOwnFeed && !hasOwnTaus && !hasTwoCurrents(values)
}
