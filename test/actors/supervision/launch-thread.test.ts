import { once } from 'node:events'
import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type * as threads from '../../../src/actors/supervision/open-thread-launcher.js'
import { builtFile } from '../../support/built-file.js'
import { clusterSpec } from '../../support/cluster-spec.js'

/** Threads start from the build alone. */
const { launchThread } = (await import(builtFile('actors/supervision/open-thread-launcher.js').href)) as typeof threads

const SPEC = { ...clusterSpec({ startLimit: 5000 }), cores: [{ core: 1, secret: 'secret' }] }

test('a thread that gives up says why with its last words', async () => {
  const { port1, port2 } = new MessageChannel()
  const coreWorker = launchThread({ spec: SPEC, controls: [{ core: 1, port: port2 }], peers: [] })
  // Its hello.
  await once(port1, 'message')
  port1.postMessage(new Uint8Array(64))
  const { exitCode, lastWords } = await coreWorker.ended
  expect(exitCode).toBe(1)
  expect(lastWords).toMatch(/^Link coordinator - core 1: /)
  port1.close()
})
