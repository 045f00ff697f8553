import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RING_INPUT, ringFile } from '../cli/cut-networks.js'
import { createFiles, jsonLines, run } from '../cli/run-in-process.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import type { Machine } from '../support/namespaces.js'

const PROXY = fileURLToPath(new URL('./recording-proxy.mjs', import.meta.url))
const PORTS = [7000, 7001] as const

/** What somebody sees through whose hands all links go. */
interface Tapped {
  /** Of each of the two runs. */
  readonly outs: readonly string[]
  readonly seen: Buffer
  /** What answered to what was sent once more. */
  readonly answers: readonly string[]
  /** What the workers said. */
  readonly words: string
}

describeWithMachines('whoever stands between two machines', () => {
  const files = createFiles()
  const ring = files.write('ring.json', ringFile())
  const input = files.write('ring-input.json', RING_INPUT)
  let machines: ManyMachines
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 3 })
  })
  afterAll(async () => {
    await machines[Symbol.asyncDispose]()
    files[Symbol.dispose]()
  })

  const simulation = ['simulate', ring, '--input', input, '--until', '80', '--json']

  /** Two runs, one after the other. */
  async function tap(...flags: readonly string[]): Promise<Tapped> {
    const [one, other, between] = machines.places.workers as readonly [Machine, Machine, Machine]
    const file = join(machines.folder, `seen${flags.join('')}`)
    const ways = [one, other].map(({ address }, k) => `${PORTS[k]}=${address}`)
    const proxy = machines.script(PROXY, [file, 'replay', ...ways], between)
    for (const port of PORTS) await proxy.says(`listens at ${port}`)
    const workers = await Promise.all(
      [one, other].map(({ address }, k) => {
        const place = ['--listen', `${address}:${PORTS[k]}`, '--advertise', `${between.address}:${PORTS[k]}`]
        return machines.startWorker(k, { flags: [...place, ...flags] })
      }),
    )
    const outs: string[] = []
    for (const _run of [1, 2]) {
      const { code, out } = await machines.command([...simulation, '--cores', '2', ...machines.joining, ...flags]).ended
      expect(code).toBe(0)
      outs.push(out)
    }
    for (const { child, ended } of [...workers, proxy]) {
      child.kill('SIGTERM')
      await ended
    }
    const answers = [...proxy.said.out.matchAll(/^replayed, and the answer was (.*)$/gm)].map(([, words = '']) => words)
    return { outs, seen: readFileSync(file), answers, words: workers.map(({ said }) => said.err).join('') }
  }

  /** Times that are no round numbers, as they lie in memory. */
  function spikesIn({ outs, seen }: Tapped): number {
    const spikes = jsonLines(outs[0] ?? '').flatMap(({ times }) => (times as readonly number[] | undefined) ?? [])
    const odd = spikes.filter((time) => !Number.isInteger(time * 1024))
    expect(odd.length).toBeGreaterThan(20)
    return odd.filter((time) => seen.includes(Buffer.from(Float64Array.of(time).buffer))).length
  }

  /** What is sent once more opens nothing, and changes nothing. */
  async function expectUnmoved({ outs, answers, words }: Tapped): Promise<void> {
    const { out } = await run(...simulation)
    expect(outs).toEqual([out, out])
    // Each run has a link to control each core, and one between them.
    expect(answers.length).toBeGreaterThan(5)
    expect(words).not.toMatch(/exit code [1-9]|signal SIG/)
  }

  /** Of links, in hexadecimal digits. */
  const TOKEN = /[0-9a-f]{64}/
  const UPGRADE = 'Sec-WebSocket-Key'

  test('sees all there is of links that are not encrypted', async () => {
    const tapped = await tap('--insecure')
    expect(spikesIn(tapped)).toBeGreaterThan(20)
    const text = tapped.seen.toString('latin1')
    expect(text).toContain(UPGRADE)
    expect(text).toMatch(TOKEN)
    await expectUnmoved(tapped)
    // At a link that is open already, and at a later run, whose secrets are others; nothing but refusals is answered.
    for (const answer of tapped.answers) expect(answer).toMatch(/^(?!.*ANTD)|LINK_PEER_UNEXPECTED|LINK_TOKEN_WRONG/)
    expect(tapped.answers).toContainEqual(expect.stringContaining('LINK_PEER_UNEXPECTED'))
    expect(tapped.answers).toContainEqual(expect.stringMatching(/LINK_TOKEN_WRONG|404/))
  })

  test('sees neither a spike nor a token of those that are', async () => {
    const tapped = await tap()
    expect(tapped.seen.length).toBeGreaterThan(5000)
    expect(spikesIn(tapped)).toBe(0)
    const text = tapped.seen.toString('latin1')
    expect(text).not.toContain(UPGRADE)
    expect(text).not.toMatch(TOKEN)
    await expectUnmoved(tapped)
  })
})
