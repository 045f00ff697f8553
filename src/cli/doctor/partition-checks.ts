import { openCluster } from '../../actors/open-cluster.js'
import type { Transport } from '../../actors/transport.js'
import { OWN_TRANSPORTS, TRANSPORTS } from '../../actors/transport-table.js'
import { AntidromeError } from '../../events/errors.js'
import { placeOnCores } from '../../hardware/place-on-cores.js'
import type { Placement } from '../../hardware/placement.js'
import { singleCore } from '../../hardware/single-core.js'
import type { Trials } from '../../learning/session.js'
import { defineNetwork } from '../../network/description/define-network.js'
import { source } from '../../network/description/groups.js'
import { normal, uniform } from '../../network/description/initializers.js'
import { connect, dense, perSynapse } from '../../network/description/projections.js'
import { lif } from '../../network/models/lif.js'
import { processClock } from '../process-clock.js'
import type { RunResults } from '../verify/compare-spreads.js'
import { firstDifference } from '../verify/first-difference.js'
import { trialResults } from '../verify/trial-results.js'
import type { SelfCheck } from './self-check.js'

const CHECKED = OWN_TRANSPORTS.filter((transport) => TRANSPORTS[transport].holder !== null)

/** Whether partitions can be started as threads and as processes, and compute what one process does. */
export async function checkPartitions(): Promise<readonly SelfCheck[]> {
  const { wall } = processClock()
  const reference = await resultsOn(singleCore(NETWORK), 'local')
  const checks: SelfCheck[] = []
  for (const transport of CHECKED) {
    const started = wall()
    const fault = await faultOf(transport, reference)
    const found = fault ?? `the same bits after ${(wall() - started).toFixed(2)} s`
    const expected = 'the bits of one process'
    checks.push({ check: `${transport} partitions`, ok: fault === null, found, expected })
  }
  return checks
}

async function faultOf(transport: Transport, reference: RunResults): Promise<string | null> {
  try {
    const { numbers } = await resultsOn(placeOnCores(NETWORK, 2), transport)
    const difference = firstDifference(reference.numbers, numbers)
    return difference === null ? null : `other bits: ${difference.where} is ${difference.found}`
  } catch (error) {
    if (error instanceof AntidromeError) return error.message
    throw error
  }
}

async function resultsOn(placement: Placement, transport: Transport): Promise<RunResults> {
  await using session = await openCluster(NETWORK, placement, { transport })
  return await trialResults(session, { network: NETWORK, trials: TRIALS }, null)
}

/** Every projection is cut on two cores, and spikes go around the hidden group. */
const NETWORK = defineNetwork({
  groups: {
    input: source(2),
    hidden: lif(64, { tauMem: 20, tauSyn: 5, threshold: 1 }),
    output: lif(2, { tauMem: 20, tauSyn: 5, threshold: 1 }),
  },
  projections: [
    connect('input', 'hidden', dense(normal(4, 2)), { delay: perSynapse(uniform(0, 3)) }),
    connect('hidden', 'hidden', dense(normal(0, 0.1)), { delay: 2 }),
    connect('hidden', 'output', dense(normal(0.2, 0.1)), { delay: 1 }),
  ],
})

const TRIALS: Trials = Object.freeze({
  count: 1,
  until: 30,
  inputs: {
    input: { offsets: Uint32Array.of(0, 3), times: Float64Array.of(1, 4, 9), units: Uint32Array.of(0, 1, 0) },
  },
})
