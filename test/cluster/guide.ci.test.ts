import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TINY_PRESET } from '../cli/tiny-training.js'
import { isLong } from '../support/cases-of.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { eventually } from '../support/eventually.js'
import { type GuideStep, readGuidePage } from '../support/guide-page.js'
import { GUIDED_HOSTS, type GuidedMachines, openGuidedMachines } from '../support/guided-machines.js'

const UNIT = '/lib/systemd/system/nats-server.service'
const { text: page, steps } = readGuidePage()
const [, digest = ''] = /^digest +([0-9a-f]{64})$/m.exec(page) ?? []

/** What the reader waits for behind some commands. */
const WAITS: Readonly<Record<string, { readonly unit: string; readonly words: string }>> = {
  'systemctl restart nats-server': { unit: 'nats-server', words: 'Server is ready' },
  'systemctl enable --now antidrome-worker': { unit: 'antidrome-worker', words: 'waits for runs' },
}
/** Commands that are interrupted, as the page says behind them. */
const INTERRUPTED = '--name mine '
const CTRL_C = 130
/** Short runs train another network, on a smaller task. */
const SMALL = { ...TINY_PRESET, network: { hidden: [120] } }
const SMALL_FILE = '/tmp/small.json'
const typedText = (text: string) =>
  isLong() ? text : text.replaceAll('train yin-yang', `train temporal-patterns --preset ${SMALL_FILE}`)

describeWithMachines('docs/cluster.md', () => {
  let machines: GuidedMachines
  beforeAll(async () => {
    if (!existsSync(UNIT)) throw new Error(`${UNIT} is not there: nats-server is not that of Debian's package`)
    machines = await openGuidedMachines(GUIDED_HOSTS)
    for (const host of GUIDED_HOSTS) machines.write(host, SMALL_FILE, JSON.stringify(SMALL))
  })
  afterAll(() => machines?.[Symbol.asyncDispose]())

  async function take(host: string, step: GuideStep): Promise<string> {
    if (step.kind === 'file') {
      machines.write(host, step.path, step.text)
      return ''
    }
    const typed = machines.type(host, typedText(step.text))
    const isInterrupted = step.text.includes(INTERRUPTED)
    if (isInterrupted) {
      await typed.says('epoch 1/2')
      typed.interrupt()
    }
    const codes = (await typed.done).filter((code) => !(isInterrupted && code === CTRL_C))
    expect(codes, `${step.text}\n${typed.said.out}\n${typed.said.err}`).toEqual([])
    for (const [command, { unit, words }] of Object.entries(WAITS)) {
      if (!step.text.includes(command)) continue
      const journal = () => machines.read(host, `/var/lib/journal/${unit}`)
      await eventually(() => journal().includes(words) || journal().includes('ended with'))
      expect(journal()).not.toContain('ended with')
    }
    return typed.said.out + typed.said.err
  }

  test('does what it says, command by command', async () => {
    const said: string[] = []
    for (const step of steps) for (const host of step.hosts) said.push(await take(host, step))
    const all = said.join('')
    const [first, second, resumed, ...more] = all.match(/^digest +[0-9a-f]{64}$/gm) ?? []
    if (isLong()) expect(first).toBe(`digest         ${digest}`)
    // The same training on two machines, and begun on one, gone on with on another; unless it was over before.
    expect(second).not.toBe(first)
    expect([resumed, ...more].every((each) => each === second)).toBe(true)
    expect(all).toContain('continues from object:checkpoints/mine/checkpoint-')
    expect(all).not.toMatch(/warning/i)
    const journal = machines.read('west.example', '/var/lib/journal/antidrome-worker')
    expect(journal).toMatch(/links at 10\.77\.0\.\d:7000-7003, listening at 0\.0\.0\.0:7000-7003\./)
  })
})
