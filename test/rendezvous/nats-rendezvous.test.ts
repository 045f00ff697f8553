import { openRendezvous } from '../../src/rendezvous/open-rendezvous.js'
import { testRendezvous } from '../suites/rendezvous-suite.js'
import { describeWithNats, startNatsServer } from '../support/nats-server.js'

describeWithNats('a rendezvous over NATS', () => {
  testRendezvous(async (numbers) => {
    const server = await startNatsServer()
    return {
      join: (name) => openRendezvous({ servers: server.url, name }, numbers),
      goAway: () => server.kill(),
      comeBack: () => server.start(),
      [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
    }
  })
})
