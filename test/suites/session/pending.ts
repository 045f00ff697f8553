import { chooseKernels } from '../../../src/dynamics/choose-kernel.js'
import type { KernelKind } from '../../../src/dynamics/kernel-kind.js'
import type { Network } from '../../../src/network/network.js'
import type { SessionMode } from './session-case.js'
import { featuresOfGroup, type SessionFeature } from './session-features.js'
import type { Told } from './session-run.js'

/** A mode that does not yet have the bits of `simulate` for groups with some feature. */
export interface Pending {
  readonly feature: SessionFeature
  readonly mode: SessionMode
  /** What the session says of them. */
  readonly reason: string
}

/** All that is missing to one set of bits; whoever teaches an engine what is missing takes it out of here. */
export const PENDING: readonly Pending[] = []

/** What of that may show in the spikes that were told: where a group ran on another engine than a simulation does. */
export function pendingOf(
  network: Network,
  mode: SessionMode,
  {
    told: { runs, maxima },
    simulated,
    kernel,
  }: { readonly told: Told; readonly simulated: Network; readonly kernel: KernelKind },
): readonly Pending[] {
  const others = chooseKernels(simulated, kernel)
  return chooseKernels(network, kernel).flatMap(({ group, engine, elsewhere }, k) => {
    // Nothing was told of it.
    if (maxima === undefined && network.groups.some(({ name, kind }) => name === group && kind === 'li')) return []
    const away = elsewhere.find((other) => runs.includes(other.runs))
    const other = others[k]
    if ((away?.engine ?? engine) === other?.engine) return []
    const reasons = away === undefined ? (other?.reasons ?? []) : [away.reason]
    const features = featuresOfGroup(network, group)
    return PENDING.filter((each) => {
      return (
        each.mode === mode &&
        features.includes(each.feature) &&
        reasons.some((reason) => reason.startsWith(each.reason))
      )
    })
  })
}
