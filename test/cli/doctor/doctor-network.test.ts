import { afterAll, describe, expect, test } from 'vitest'
import { chooseKernels } from '../../../src/dynamics/kernels/choose-kernel.js'
import { parseNetwork } from '../../../src/network/file/parse-network.js'
import { createFiles, jsonLines, networkFile, run } from '../run-in-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

const neuron = { kind: 'lif', tauMem: 20, tauSynExc: 5, tauSynInh: 8, threshold: 1 }
const TEXT = JSON.stringify(
  networkFile(
    [
      { name: 'in', kind: 'source', size: 2 },
      { name: 'hidden', size: 6000, ...neuron },
      { name: 'out', kind: 'li', size: 1, tauMem: 20, tauSyn: 5 },
    ],
    [
      { source: 'in', target: 'hidden', synapses: [[0, 1, 1]] },
      { source: 'in', target: 'out', weights: 1, delays: [[1, 2]] },
    ],
  ),
)
const NETWORK = files.write('network.json', TEXT)

describe('doctor with a network', () => {
  test('tells what runs each group, and each reason on a line', async () => {
    expect(await run('doctor', NETWORK)).toEqual({
      code: 0,
      out: [
        'group   engine     feed  memory     why',
        'hidden  reference        52 bytes   fewer than a hundredth of its pairs have a synapse (1 of 12000)',
        '                                    it has fewer than 10000 synapses',
        'out     simd       own   888 bytes',
        '',
      ].join('\n'),
      err: '',
    })
  })

  test('prints what a session tells, as JSON, and the bytes that each group needs', async () => {
    const { code, out, err } = await run('doctor', NETWORK, '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const [hidden, ours] = chooseKernels(parseNetwork(TEXT, NETWORK))
    expect(jsonLines(out)).toEqual([
      { ...hidden, memory: 52 },
      { ...ours, memory: 888 },
    ])
  })

  test('takes tasks, with what says which network they have', async () => {
    const enginesOf = async (...argv: string[]) => {
      const { out } = await run('doctor', ...argv, '--json')
      return jsonLines(out).map(({ group, engine, reasons }) => [group, engine, reasons])
    }
    expect(await enginesOf('yin-yang')).toEqual([
      ['hidden', 'simd', []],
      ['output', 'simd', []],
    ])
    expect(await enginesOf('yin-yang', '--recurrent')).toEqual([
      ['hidden', 'simd', []],
      ['output', 'simd', []],
    ])
    expect(await enginesOf('mnist', '--preset', 'mnist-weights')).toHaveLength(2)
    expect((await enginesOf('balanced', '--neurons', '1000'))[0]).toEqual(['exc', 'window', []])
    expect((await enginesOf('balanced', '--neurons', '10', '--in-degree', '10'))[0]![1]).toBe('simd')
  })

  test.each([
    [['--join', 'nats://127.0.0.1:1'], '--join'],
    [['--checkpoint', 'object:b'], '--checkpoint'],
    [['--make-bucket', 'b'], '--make-bucket'],
    [['--user', 'me'], '--user'],
    [['--tls-first'], '--tls-first'],
    [['--preset', 'yin-yang'], '--preset'],
    [['--neurons', '100'], '--neurons'],
  ])('refuses %j, which says nothing of a network file', async (flags, field) => {
    const { code, out, err } = await run('doctor', NETWORK, ...flags, '--json')
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'FLAG_CONFLICT', field } })
  })

  test.each(['--preset=yin-yang', '--hidden=3', '--recurrent', '--neurons=100', '--in-degree=10', '--learn=weights'])(
    'refuses %s without a network',
    async (flag) => {
      const { code, out, err } = await run('doctor', flag, '--json')
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(JSON.parse(err)).toMatchObject({ error: { code: 'FLAG_CONFLICT', field: flag.split('=')[0] } })
    },
  )

  test('refuses what is neither a task nor a file', async () => {
    const { code, err } = await run('doctor', 'yinyang')
    expect(code).toBe(2)
    expect(err).toContain('Did you mean "yin-yang"?')
  })
})
