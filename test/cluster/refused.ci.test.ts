import { fileURLToPath } from 'node:url'
import { nkeys } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFiles, jsonLines } from '../cli/run-in-process.js'
import { createAuthority } from '../support/certificates.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { type ManyMachines, openManyMachines } from '../support/many-machines.js'
import { startNatsServer } from '../support/start-nats-server.js'

const STRANGER = fileURLToPath(new URL('./stranger.mjs', import.meta.url))
const PORT = 4300

describeWithMachines('who does not belong to the others is refused', () => {
  const files = createFiles()
  const authority = createAuthority()
  const ca = files.write('authority.pem', authority.cert)
  let machines: ManyMachines
  beforeAll(async () => {
    machines = await openManyMachines({ workers: 1 })
  })
  afterAll(async () => {
    await machines[Symbol.asyncDispose]()
    files[Symbol.dispose]()
  })

  /** Another server beside the first one. */
  function startServer(config: string, years?: { readonly from: number; readonly to: number }) {
    const { address, within } = machines.places.server
    const { cert, key } = authority.issue({ hosts: [address], ...(years === undefined ? {} : { years }) })
    return startNatsServer({
      host: address,
      port: PORT,
      within,
      hasJetStream: false,
      files: { 'server.crt': cert, 'server.key': key },
      config: `tls { cert_file: "<folder>/server.crt", key_file: "<folder>/server.key" }\n${config}`,
    })
  }

  /** The error that a command on another machine ends with. */
  async function refusal(command: string, ...flags: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await machines.command([command, ...flags, '--json']).ended
    expect({ code: code === 0, out }).toEqual({ code: false, out: '' })
    return jsonLines(err).at(-1)?.error as Record<string, unknown>
  }

  test.each(['worker', 'workers'])('%s: a wrong password', async (command) => {
    await using server = await startServer('authorization { user: me, password: "s3cret" }')
    const password = files.write('password', 'wr0ng\n')
    const user = ['--user', 'me', '--password-file', password]
    const error = await refusal(command, '--join', server.url, '--tls-ca', ca, ...user)
    expect(error).toMatchObject({ code: 'JOIN_CREDENTIALS', found: expect.stringContaining('"me"') })
    expect(error.expected).toEqual(expect.any(String))
    expect(JSON.stringify(error)).not.toMatch(/s3cret|wr0ng/)
  })

  test('a wrong key', async () => {
    const [key, other] = [nkeys.createUser(), nkeys.createUser()]
    await using server = await startServer(`authorization { users: [{ nkey: ${key.getPublicKey()} }] }`)
    const seed = files.write('seed', new TextDecoder().decode(other.getSeed()))
    const error = await refusal('worker', '--join', server.url, '--tls-ca', ca, '--nkey', seed)
    expect(error).toMatchObject({ code: 'JOIN_CREDENTIALS', found: expect.stringContaining(other.getPublicKey()) })
  })

  describe('a server', () => {
    test('whose certificate has expired', async () => {
      await using server = await startServer('', { from: 2020, to: 2021 })
      const error = await refusal('worker', '--join', server.url, '--tls-ca', ca)
      expect(error).toMatchObject({ code: 'JOIN_TLS', found: expect.stringMatching(/expired|2021/) })
    })

    test('that somebody else vouches for', async () => {
      await using server = await startServer('')
      const error = await refusal('worker', '--join', server.url, '--tls-ca', machines.authorities)
      expect(error).toMatchObject({ code: 'JOIN_TLS', expected: expect.any(String) })
    })

    test('that does not encrypt', async () => {
      const { address, within } = machines.places.server
      await using server = await startNatsServer({ host: address, port: PORT, within, hasJetStream: false })
      expect(await refusal('worker', '--join', server.url)).toMatchObject({ code: 'JOIN_TLS' })
    })
  })

  test('a worker of another version', async () => {
    const [place] = machines.places.workers
    const stranger = machines.script(STRANGER, [machines.server.url, machines.authorities], place)
    await stranger.says('is there')
    const network = files.write('network.json', {
      format: 'antidrome-network',
      version: 1,
      groups: [{ name: 'in', kind: 'source', size: 64 }],
      projections: [],
    })
    const error = await refusal('simulate', network, '--until', '1', '--cores', '2', ...machines.joining)
    expect(error.code).toBe('WORKERS_TOO_FEW')
    expect(error.message).toMatch(/not of version .*: stranger \(version .*, arithmetic 999\)/)
    stranger.child.kill()
    await stranger.ended
  })
})
