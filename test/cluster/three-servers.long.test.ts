import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonLines } from '../cli/run-in-process.js'
import { TINY_PRESET } from '../cli/tiny-training.js'
import { createAuthority } from '../support/certificates.js'
import { describeWithMachines } from '../support/describe-with-machines.js'
import { readGuidePage } from '../support/guide-page.js'
import { type GuidedMachines, openGuidedMachines } from '../support/guided-machines.js'
import { passwordOf, readSecurityPage } from '../support/security-page.js'

const SERVERS = ['nats-1', 'nats-2', 'nats-3'].map((name) => ({ name, host: `${name}.example` }))
const [WORKERS, DESK] = ['west.example', 'desk.example']
const JOIN = `--join ${SERVERS.map(({ host }) => `tls://${host}`).join(',')} --tls-ca /tmp/ca.pem --tls-first`
const EPOCHS = 80

/** Of one server and of what makes it one of three, as docs/cluster.md has them. */
const { steps, others } = readGuidePage()
const ALONE = steps.find((step) => step.kind === 'file' && step.path === '/etc/nats-server.conf')?.text ?? ''
const TOGETHER = others.find((block) => block.startsWith('cluster {')) ?? ''

/** Ends when one of the servers leads the two others. */
const SETTLED = `node --input-type=module -e "
for (;;) {
  const asked = ${JSON.stringify(SERVERS.map(({ host }) => host)).replaceAll('"', "'")}.map((host) => fetch('http://' + host + ':8222/jsz'))
  const states = await Promise.all(asked.map((it) => it.then((reply) => reply.json()).catch(() => ({}))))
  const isReady = ({ current, offline }) => current && !offline
  if (states.some(({ meta_cluster: { replicas = [] } = {} }) => replicas.filter(isReady).length === 2)) break
  await new Promise((resolve) => setTimeout(resolve, 100))
}"`

/** Says which server leads the stream of the bucket, and how many others have it, too. */
const LEADER = `node -e "fetch('http://127.0.0.1:8222/jsz?accounts=true&streams=true').then((it) => it.json()).then((it) => {
  const { cluster } = it.account_details[0].stream_detail.find(({ name }) => name === 'OBJ_checkpoints')
  console.log(JSON.stringify({ leader: cluster.leader, others: (cluster.replicas ?? []).length }))
})"\n`

describeWithMachines('three servers', () => {
  let machines: GuidedMachines
  beforeAll(async () => {
    machines = await openGuidedMachines([...SERVERS.map(({ host }) => host), WORKERS, DESK])
    const authority = createAuthority()
    for (const { name, host } of SERVERS) {
      const { cert, key } = authority.issue({ hosts: [host] })
      const named = ALONE.replace('server_name: nats', `server_name: ${name}`)
      machines.write(host, '/etc/nats-server.conf', `${named}${TOGETHER}http: "0.0.0.0:8222"\n`)
      const files = { 'server.pem': cert, 'server-key.pem': key, 'ca.pem': authority.cert }
      for (const [file, text] of Object.entries(files)) machines.write(host, `/etc/nats/${file}`, text)
      machines.write(host, '/etc/nats/users.conf', readSecurityPage().config)
      await type(host, 'install -d -o nats -g nats -m 700 /var/lib/nats; systemctl restart nats-server')
    }
    for (const host of [WORKERS, DESK]) machines.write(host, '/tmp/ca.pem', authority.cert)
    await type(DESK, SETTLED)
  })
  afterAll(() => machines[Symbol.asyncDispose]())

  /** What commands say on the standard output, none of which fails. */
  async function type(host: string, commands: string): Promise<string> {
    const typed = machines.type(host, commands)
    expect(await typed.done, `${typed.said.out}${typed.said.err}`).toEqual([])
    return typed.said.out
  }

  /** The command, as a user that SECURITY.md has. */
  function antidrome(host: string, user: string, words: string): string {
    machines.write(host, `/tmp/${user}.password`, `${passwordOf(user)}\n`)
    return `cd /opt/antidrome; node bin/antidrome.mjs ${words} ${JOIN} --user ${user} --password-file /tmp/${user}.password`
  }

  const digestIn = (out: string) => /"digest":"([0-9a-f]{64})"/.exec(out)?.[1]

  test('lose the one that leads in the middle of a run, and it comes to what one process does', async () => {
    await type(DESK, antidrome(DESK, 'operator', 'doctor --make-bucket checkpoints --bucket-size 100MB'))
    await type(WORKERS, `${antidrome(WORKERS, 'west', 'worker --slots 2')} 2> /tmp/log &`)
    machines.write(DESK, '/tmp/tiny.json', JSON.stringify(TINY_PRESET))
    const tiny = `train temporal-patterns --preset /tmp/tiny.json --epochs ${EPOCHS} --json`
    const kept = `${tiny} --cores 2 --wait 600 --checkpoint object:checkpoints/mine --checkpoint-every 4`
    const run = machines.type(DESK, antidrome(DESK, 'ben', `${kept} --name run`))
    await run.says('"epoch":5,')
    const [{ leader, others: more } = {}] = jsonLines(
      (await type('nats-1.example', LEADER)).replace(/end of .*\n/s, ''),
    )
    expect(more).toBe(2)
    machines.crash(`${leader}.example`)
    expect(await run.done, run.said.err).toEqual([])
    const alone = await type(DESK, `node bin/antidrome.mjs ${tiny} --name alone`)
    expect(digestIn(run.said.out)).toBe(digestIn(alone))
    expect(run.said.err).not.toContain('Restarting all cores')

    const again = machines.type(DESK, antidrome(DESK, 'ben', `${kept} --name again --resume`))
    expect(await again.done, again.said.err).toEqual([])
    expect(again.said.err).toContain('continues from object:checkpoints/mine/')
    expect(digestIn(again.said.out)).toBe(digestIn(alone))
  })
})
