import type { Network } from '../../network/description/network.js'
import type { RunOrder, RunReport } from '../partition/partition.js'
import type { WiredPartition } from '../partition/wiring/wire-partition.js'
import { collectGradients } from './collect-gradients.js'
import { createVoltageWatch } from './collect-voltages.js'

/** A run whose actors are watched, beside its spikes. */
export interface WatchedActors {
  /** Stops watching; to be called when no listener is left. */
  stop(): void
  /** Of a run that is done; nothing where nothing was wanted. */
  report(): Pick<RunReport, 'watched'>
}

/** Listens to the actors of a partition, in a run, for what its order says is watched; see `WatchOrder`. */
export function createRunWatch(network: Network, wired: WiredPartition): (order: RunOrder) => WatchedActors {
  const voltageWatch = createVoltageWatch(
    wired.groups,
    (order) => (network.projections[order]?.through ?? []).length > 0,
  )
  return ({ run, watch }) => {
    const gradients = (watch?.gradients ?? []).map((watched) => collectGradients(network, wired, watched))
    const voltages = voltageWatch.begin(run, watch?.voltages ?? [])
    return {
      stop() {
        for (const collected of gradients) collected.stop()
        voltages.stop()
      },
      report() {
        const found = voltages.slices()
        if (watch === undefined) return {}
        return { watched: { gradients: gradients.flatMap((collected) => collected.slices()), voltages: found } }
      },
    }
  }
}
