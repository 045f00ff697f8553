// Finds out where the links of one worker's process arrive, and once it gets SIGUSR2 sends garbage there for as long as it
// lives. Its arguments: the server, the file of the certificates to trust, the name of the worker.
import { readFileSync } from 'node:fs'
import { SUBJECTS } from '../../dist/actors/fleet/fleet-messages.js'
import { connectNats } from '../../dist/rendezvous/nats/connect-nats.js'
import { RENDEZVOUS_NUMBERS } from '../../dist/rendezvous/rendezvous-numbers.js'

const [, , servers, caFile, name] = process.argv
const joining = { servers, tls: { ca: readFileSync(caFile, 'utf8') }, name: 'flood' }
const { connection } = await connectNats(joining, RENDEZVOUS_NUMBERS)
const offers = await connection.requestMany(SUBJECTS.roll, JSON.stringify({ id: 'flood', body: {} }), {
  strategy: 'timer',
  maxWait: 1000,
})
let id = null
for await (const offer of offers) {
  const { body } = offer.json()
  if (body?.name === name) id = body.id
}
if (id === null) throw new Error(`nobody is called ${name}`)
const GARBAGE = 500_000
const targets = new Set()
connection.subscribe(SUBJECTS.links(id, '>'), {
  callback: (_, { subject, data }) => {
    if (subject.endsWith('.in') && data.length !== GARBAGE) targets.add(subject)
  },
})
console.log('listens')
while (targets.size === 0) await new Promise((resolve) => setTimeout(resolve, 10))
console.log('knows its target')
process.once('SIGUSR2', async () => {
  const garbage = new Uint8Array(GARBAGE)
  for (;;) {
    for (const subject of targets) connection.publish(subject, garbage)
    await connection.flush()
  }
})
