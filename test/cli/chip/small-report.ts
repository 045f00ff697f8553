import { defineChipPlacement } from '../../../src/hardware/chip-placement/define-chip-placement.js'
import { chipCounts } from '../../../src/hardware/counts/count-chip.js'
import { chipProfile } from '../../../src/hardware/profile/packaged-profiles.js'
import { chipReport } from '../../../src/hardware/report/report-chip.js'
import { defineNetwork } from '../../../src/network/description/define-network.js'
import { source } from '../../../src/network/description/groups.js'
import { connect, dense } from '../../../src/network/description/projections.js'
import { li } from '../../../src/network/models/li.js'

const NETWORK = defineNetwork({
  groups: { in: source(2), out: li(64, { tauMem: 20, tauSyn: 5 }) },
  projections: [connect('in', 'out', dense(1))],
})
const LOIHI = chipProfile('loihi')

/** A readout over two tiles of a loihi, whose maxima are compared on one of them. */
export const SMALL_REPORT = chipReport(
  chipCounts(
    NETWORK,
    defineChipPlacement(NETWORK, LOIHI, [
      { chip: 0, core: 0, slices: [{ group: 'in', start: 0, end: 2 }] },
      { chip: 0, core: 4, slices: [{ group: 'out', start: 0, end: 32 }] },
      { chip: 0, core: 8, slices: [{ group: 'out', start: 32, end: 64 }] },
    ]),
    LOIHI,
    { trials: 1, steps: 10, spikes: { in: 5 }, activeSteps: { out: 5 } },
    { loss: ['out'] },
  ),
  LOIHI,
)
