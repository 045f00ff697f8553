import { fileURLToPath } from 'node:url'
import type { ManyMachines } from '../../test/support/many-machines.js'
import type { Machine } from '../../test/support/namespaces.js'

/** Somebody who says anything at all to every port of all machines. */
export interface Fuzzer extends AsyncDisposable {
  /** Connections so far; raises what ended it, if anything did. */
  connections(): Promise<number>
}

const SCRIPT = fileURLToPath(new URL('./fuzz.mjs', import.meta.url))

export async function openFuzzer(
  { places, server, script }: ManyMachines,
  place: Machine | undefined,
  ports: readonly number[],
): Promise<Fuzzer> {
  const listeners = places.workers.flatMap(({ address }) => ports.map((port) => `${address}:${port}`))
  const fuzzer = script(SCRIPT, [`${places.server.address}:${server.port}`, ...listeners], place)
  await fuzzer.says('begins')
  return {
    async connections() {
      if (fuzzer.child.exitCode !== null) throw new Error(`the fuzzer ended: ${(await fuzzer.ended).err}`)
      return Number(fuzzer.said.out.trimEnd().split('\n').at(-1))
    },
    async [Symbol.asyncDispose]() {
      fuzzer.child.kill('SIGKILL')
      await fuzzer.ended
    },
  }
}
