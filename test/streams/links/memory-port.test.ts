import { describe } from 'vitest'
import { createMemoryPorts } from '../../../src/streams/links/memory-port.js'
import { createMicrotaskMailbox } from '../../../src/streams/mailbox.js'
import { testLinks } from '../../suites/link-suite.js'

describe('links in memory', () => {
  testLinks({ name: 'memory', open: async () => createMemoryPorts(createMicrotaskMailbox()) })
})
