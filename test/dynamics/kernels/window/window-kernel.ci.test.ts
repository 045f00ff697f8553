import { describe, expect, it } from 'vitest'
import { defineNetwork } from '../../../../src/network/description/define-network.js'
import { poisson } from '../../../../src/network/description/emitting-sources.js'
import { source } from '../../../../src/network/description/groups.js'
import { connect, fixedInDegree, oneToOne } from '../../../../src/network/description/projections.js'
import { lif } from '../../../../src/network/models/lif.js'
import { casesOf } from '../../../support/cases-of.js'
import { forwardOptions, poissonReference, trainsByNeuron, windowKernel } from '../../../support/window-case.js'

describe('the window kernel', () => {
  it('draws the Poisson inputs that a source would send, and keeps its accuracy over seconds', () => {
    const end = casesOf({ short: 2000, long: 10_000 })
    const parameters = { tauMem: 20, tauSyn: 0.5, threshold: 20, vReset: 10, refractory: 2 }
    const network = defineNetwork({
      groups: {
        drive: poisson(40, { rate: 20_000, start: 3, stop: end - 100 }),
        input: source(50),
        cells: lif(40, parameters),
      },
      projections: [
        connect('drive', 'cells', oneToOne(2.1), { delay: 1.5 }),
        connect('input', 'cells', fixedInDegree(300, -0.01, { multiple: true })),
      ],
    })
    const [kernel, reference] = [windowKernel(network, 'cells'), poissonReference(network, 'cells')]
    expect(kernel.inputs.map(({ source: name }) => name)).toEqual(['input'])
    kernel.begin(forwardOptions(end))
    reference.begin(forwardOptions(end))
    const found = trainsByNeuron([kernel.advance(end, end)], 40)
    const parts = Array.from({ length: end / 100 }, (_, k) => reference.advance(100 * (k + 1), 100 * (k + 1)))
    const expected = trainsByNeuron(parts, 40)
    expect(found.map((times) => times.length)).toEqual(expected.map((times) => times.length))
    const late = found.flatMap((times, n) => times.map((time, k) => [time, expected[n]![k]!] as const))
    for (const [time, other] of late) expect(Math.abs(time - other)).toBeLessThan(1e-9)
    expect(late.filter(([time]) => time > 0.9 * end).length).toBeGreaterThan(end / 100)
    expect(late.filter(([time]) => time < 4.5 || time > end - 90).length).toBe(0)
  })
})
