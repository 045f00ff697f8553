import { describe, expect, it } from 'vitest'
import { YIN_YANG_DEFAULTS, yinYang } from '../../src/data/yin-yang.js'

const group = (task: ReturnType<typeof yinYang>, name: string) =>
  task.network.groups.find((candidate) => candidate.name === name)

describe('yinYang', () => {
  it('is the published task on a network of input, hidden and output', () => {
    const task = yinYang()
    expect([task.train.size, task.validation.size, task.test.size]).toEqual([5000, 1000, 1000])
    expect(task.network.groups.map(({ name, kind, size }) => [name, kind, size])).toEqual([
      ['input', 'source', 4],
      ['hidden', 'lif', YIN_YANG_DEFAULTS.hidden],
      ['output', 'lif', 3],
    ])
    expect(task.network.projections.map(({ key }) => key)).toEqual(['input->hidden', 'hidden->output'])
    expect(task.loss).toEqual({ kind: 'firstSpike', group: 'output', tau0: 0.5, alpha: 0.003, tau1: 6.4 })
    expect(task.until).toBe(100)
  })

  it('gives the first projection delays to learn only when asked', () => {
    const delays = (task: ReturnType<typeof yinYang>) =>
      task.network.projections.map((projection) => projection.delays.kind)
    expect(delays(yinYang())).toEqual(['none', 'none'])
    expect(delays(yinYang({ learnDelays: true }))).toEqual(['perSynapse', 'none'])
  })

  it('lets the hidden thresholds adapt only when asked', () => {
    expect(group(yinYang(), 'hidden')).toMatchObject({ adaptStep: 0 })
    const adaptive = yinYang({ adaptation: true })
    expect(group(adaptive, 'hidden')).toMatchObject(YIN_YANG_DEFAULTS.adaptive)
    expect(group(adaptive, 'output')).toMatchObject({ adaptStep: 0 })
  })

  it('makes room for the bias spike in network and data alike', () => {
    const task = yinYang({ biasSpike: true, hidden: 8 })
    expect(group(task, 'input')?.size).toBe(5)
    expect(task.test.encode(Uint32Array.of(0)).input?.units.length).toBe(5)
  })
})
