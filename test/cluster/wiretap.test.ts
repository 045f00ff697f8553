import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RING_INPUT, ringFile } from '../cli/cut-networks.js'
import { createFiles, jsonLines } from '../cli/run-in-process.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import type { Machine } from '../support/namespaces.js'

const PROXY = fileURLToPath(new URL('./recording-proxy.mjs', import.meta.url))
const PORTS = [7000, 7001] as const

/** What somebody sees through whose hands all links go. */
interface Tapped {
  readonly spikes: readonly number[]
  readonly seen: Buffer
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

  async function tap(...flags: readonly string[]): Promise<Tapped> {
    const [one, other, between] = machines.places.workers as readonly [Machine, Machine, Machine]
    const file = join(machines.folder, `seen${flags.join('')}`)
    const ways = [one, other].map(({ address }, k) => `${PORTS[k]}=${address}`)
    const proxy = machines.script(PROXY, [file, ...ways], between)
    for (const port of PORTS) await proxy.says(`listens at ${port}`)
    const workers = await Promise.all(
      [one, other].map(({ address }, k) => {
        const place = ['--listen', `${address}:${PORTS[k]}`, '--advertise', `${between.address}:${PORTS[k]}`]
        return machines.startWorker(k, { flags: [...place, ...flags] })
      }),
    )
    const argv = ['simulate', ring, '--input', input, '--until', '80', '--json', '--cores', '2']
    const outcome = await machines.command([...argv, ...machines.joining, ...flags]).ended
    expect(outcome.code).toBe(0)
    for (const { child, ended } of [...workers, proxy]) {
      child.kill('SIGTERM')
      await ended
    }
    const spikes = jsonLines(outcome.out).flatMap(({ times }) => (times as readonly number[] | undefined) ?? [])
    return { spikes, seen: readFileSync(file) }
  }

  /** Times that are no round numbers, as they lie in memory. */
  function spikesIn({ spikes, seen }: Tapped): number {
    const odd = spikes.filter((time) => !Number.isInteger(time * 1024))
    expect(odd.length).toBeGreaterThan(20)
    return odd.filter((time) => seen.includes(Buffer.from(Float64Array.of(time).buffer))).length
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
  })

  test('sees neither a spike nor a token of those that are', async () => {
    const tapped = await tap()
    expect(tapped.seen.length).toBeGreaterThan(5000)
    expect(spikesIn(tapped)).toBe(0)
    const text = tapped.seen.toString('latin1')
    expect(text).not.toContain(UPGRADE)
    expect(text).not.toMatch(TOKEN)
  })
})
