import { describe, expect, it } from 'vitest'
import { open } from '../../src/actors/open.js'
import { balancedNetwork } from '../../src/data/balanced.js'
import { firingStatistics } from '../../src/learning/firing-statistics.js'
import { expectedSynapses } from '../../src/network/description/connection-rule.js'
import { mistakeOf } from '../network/mistake-of.js'

describe('balancedNetwork', () => {
  it('has 10,000 neurons with 1000 synapses each from the network, and a Poisson input of 20 kHz', () => {
    const { groups, projections } = balancedNetwork()
    const [excDrive, inhDrive, exc, inh] = groups
    expect([exc, inh]).toMatchObject(
      [8000, 2000].map((size) => ({ size, tauMem: 20, tauSyn: 0.5, threshold: 20, vReset: 10, refractory: 2 })),
    )
    const emission = { process: 'poisson', rate: 20_000, start: 0 }
    expect([excDrive, inhDrive]).toMatchObject([8000, 2000].map((size) => ({ kind: 'source', size, emission })))
    const summary = projections.map(({ key, connectivity, weights, delays }) => {
      const rule = connectivity.kind === 'rule' ? connectivity.rule : null
      const inDegree = rule?.rule === 'fixedInDegree' ? rule.inDegree : rule?.rule
      return [key, inDegree, weights, delays.kind === 'scalar' ? delays.value : null]
    })
    expect(summary).toEqual([
      ['excDrive->exc', 'oneToOne', 4, 1.5],
      ['inhDrive->inh', 'oneToOne', 4, 1.5],
      ['exc->exc', 800, 4, 1.5],
      ['exc->inh', 800, 4, 1.5],
      ['inh->exc', 200, -20, 1.5],
      ['inh->inh', 200, -20, 1.5],
    ])
  })

  it('keeps the mean charge at another in-degree', () => {
    /** Per ms into a neuron of `exc` whose sources fire once per ms each, the Poisson input at its rate. */
    const charges = (inDegree: number) => {
      const { groups, projections } = balancedNetwork({ neurons: 500, inDegree })
      return projections
        .filter(({ target }) => target === 'exc')
        .map(({ source, weights, connectivity }) => {
          const group = groups.find(({ name }) => name === source)
          const emission = group?.kind === 'source' ? group.emission : undefined
          const shape = { sources: 500, targets: 500, isRecurrent: false }
          const synapses = connectivity.kind === 'rule' ? expectedSynapses(connectivity.rule, shape, 1) : 0
          const rate = emission?.process === 'poisson' ? Number(emission.rate) / 1000 : 1
          return Number(weights) * synapses * rate
        })
    }
    for (const inDegree of [100, 250, 2000])
      charges(inDegree).forEach((charge, k) => {
        expect(charge).toBeCloseTo(charges(1000)[k] as number, 9)
      })
  })

  it('fires irregularly near 40 Hz, also when it is small', async () => {
    const network = balancedNetwork({ neurons: 1000, inDegree: 100 })
    await using session = await open(network, { seed: 1 })
    const { spikes } = await session.simulate({ count: 1, until: 150, inputs: {} })
    for (const [group, size] of [
      ['exc', 800],
      ['inh', 200],
    ] as const) {
      const { rate, cv } = firingStatistics(spikes[group]!, size, 150)
      expect(rate).toBeGreaterThan(30)
      expect(rate).toBeLessThan(65)
      expect(cv).toBeGreaterThan(0.6)
    }
  })

  it('refuses what is no size', () => {
    expect(mistakeOf(() => balancedNetwork({ neurons: 9 }))).toEqual({ code: 'BALANCED_NEURONS', field: 'neurons' })
    expect(mistakeOf(() => balancedNetwork({ inDegree: 10.5 }))).toEqual({
      code: 'BALANCED_IN_DEGREE',
      field: 'inDegree',
    })
  })
})
