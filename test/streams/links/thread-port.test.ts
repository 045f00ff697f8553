import { MessageChannel } from 'node:worker_threads'
import { describe } from 'vitest'
import { createThreadPort } from '../../../src/streams/links/thread-port.js'
import { testLinks } from '../../suites/link-suite.js'

describe('links between threads', () => {
  testLinks({
    name: 'thread',
    async open() {
      const { port1, port2 } = new MessageChannel()
      return { left: createThreadPort(port1), right: createThreadPort(port2) }
    },
  })
})
