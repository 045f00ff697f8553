import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dealCores } from '../../../src/actors/open-elsewhere.js'
import { placeOnCores } from '../../../src/hardware/place-on-cores.js'
import type { CorePlacement } from '../../../src/hardware/placement.js'
import { NETWORK } from '../layered-network.js'

const coresWith = (synapses: readonly number[]) =>
  synapses.map(
    (count, core): CorePlacement => ({ core, column: core, row: 0, slices: [], neurons: 0, synapses: count }),
  )

const synapsesOf = ({ synapses }: CorePlacement) => synapses

const dealt = fc
  .array(fc.nat(50), { minLength: 1, maxLength: 12 })
  .chain((synapses) =>
    fc.record({ synapses: fc.constant(synapses), coreWorkers: fc.integer({ min: 1, max: synapses.length }) }),
  )

test('every core worker holds a run of cores, every core is on one core worker, and no core worker is idle', () => {
  fc.assert(
    fc.property(dealt, ({ synapses, coreWorkers }) => {
      const cores = coresWith(synapses)
      const runs = dealCores({ cores }, coreWorkers, synapsesOf)
      expect(runs.flat()).toEqual(cores.map(({ core }) => core))
      expect(runs.length).toBe(coreWorkers)
      expect(runs.every((run) => run.length > 0)).toBe(true)
    }),
    { numRuns: 200, seed: 3 },
  )
})

test('no other runs would leave the fullest core worker with less', () => {
  fc.assert(
    fc.property(dealt, ({ synapses, coreWorkers }) => {
      const runs = dealCores({ cores: coresWith(synapses) }, coreWorkers, synapsesOf)
      const fullest = Math.max(...runs.map((run) => sum(run.map((core) => synapses[core] ?? 0))))
      expect(fullest).toBe(leastMaximum(synapses, coreWorkers))
    }),
    { numRuns: 200, seed: 4 },
  )
})

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** Of all cuttings into so many runs, by trying them all. */
function leastMaximum(loads: readonly number[], runs: number): number {
  if (runs === 1) return sum(loads)
  const firsts = Array.from({ length: loads.length - runs + 1 }, (_, k) => k + 1)
  return Math.min(...firsts.map((end) => Math.max(sum(loads.slice(0, end)), leastMaximum(loads.slice(end), runs - 1))))
}

test.each<[number, readonly (readonly number[])[]]>([
  [1, [[0, 1, 2]]],
  [2, [[0, 1], [2]]],
  [3, [[0], [1], [2]]],
])('three cores on %i core workers', (coreWorkers, runs) => {
  expect(dealCores(placeOnCores(NETWORK, 3), coreWorkers, synapsesOf)).toEqual(runs)
})
