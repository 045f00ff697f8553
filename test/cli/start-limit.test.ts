import { expect, test } from 'vitest'
import { startLimitOf } from '../../src/cli/open-on-cores.js'
import { placeOnCores } from '../../src/hardware/place-on-cores.js'
import { defineNetwork } from '../../src/network/description/define-network.js'
import { source } from '../../src/network/description/groups.js'
import { connect, dense } from '../../src/network/description/projections.js'
import { lif } from '../../src/network/models/lif.js'

const limitOf = (units: number, cores: number) => {
  const groups = { in: source(units), out: lif(units, { tauMem: 20, tauSyn: 5, threshold: 1 }) }
  return startLimitOf(placeOnCores(defineNetwork({ groups, projections: [connect('in', 'out', dense(1))] }), cores))
}

test('half a minute, and more for every synapse, on however many cores', () => {
  expect(limitOf(64, 2)).toBe(30_000 + 9)
  expect(limitOf(7500, 2)).toBe(30_000 + 112_500)
  expect(limitOf(7500, 30)).toBe(limitOf(7500, 2))
})
