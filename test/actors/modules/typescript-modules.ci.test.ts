import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { flagsIn, loaderFlags } from '../../../src/actors/supervision/inherited-loaders.js'
import { builtFile } from '../../support/built-file.js'
import { inTurn } from '../../support/in-turn.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { built } from '../built-cluster.js'

const run = promisify(execFile)
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const BUNDLE = builtFile('bundle/index.js')
const LOADING = builtFile('actors/modules/load-export.js')

const MODULE = `
interface Place { readonly group: string }
export function createActor({ group }: Place, { first = 3 }: { first?: number }) {
  let sent: boolean = group === ''
  return {
    advance(until: number) {
      if (sent || until <= first) return { times: [], units: [] }
      sent = true
      return { times: [first], units: [0] }
    },
  }
}
`

const networkOf = (module: string) =>
  built.defineNetwork({
    groups: { in: built.source(1), own: built.actor(2, new URL(module)) },
    projections: [built.connect('in', 'own', built.dense(1), { delay: 1 })],
  })

/** @param packaged what the package of the module says */
async function withModule<Result>(packaged: object, work: (module: string) => Promise<Result>): Promise<Result> {
  await using folder = await temporaryFolder()
  const file = join(folder.path, 'typed.ts')
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify(packaged))
  writeFileSync(file, MODULE)
  return await work(pathToFileURL(file).href)
}

/** Times of spikes on threads, then on processes, of a program that Node.js is started with so. */
async function spikesOf(module: string, argv: readonly string[], env: Readonly<Record<string, string>>) {
  const program = `
    import { actor, connect, defineNetwork, dense, openCluster, placeOnCores, source } from ${JSON.stringify(BUNDLE.href)}
    const groups = { in: source(1), own: actor(2, new URL(${JSON.stringify(module)})) }
    const network = defineNetwork({ groups, projections: [connect('in', 'own', dense(1), { delay: 1 })] })
    for (const transport of ['thread', 'unix']) {
      const session = await openCluster(network, placeOnCores(network, 1), { transport })
      const { spikes } = await session.simulate({ count: 1, until: 9, inputs: {} }, { record: ['own'] })
      console.log(transport, ...spikes.own.times)
      await session.close()
    }`
  const options = { cwd: ROOT, env: { ...process.env, ...env } }
  const { stdout } = await run(process.execPath, [...argv, '--input-type=module', '-e', program], options)
  return stdout.trim().split('\n')
}

describe('a module in TypeScript', () => {
  const starts = [
    ['--import, and no word of modules in its package', {}, ['--import', 'tsx'], {}],
    ['NODE_OPTIONS', { type: 'module' }, [], { NODE_OPTIONS: '--import "tsx"' }],
  ] as const

  test.each(inTurn<(typeof starts)[number]>(starts, 0))(
    'is loaded by threads and processes as by who has started them: %s',
    async (_, packaged, argv, env) => {
      await withModule(packaged, async (module) => {
        expect(await spikesOf(module, argv, env)).toEqual(['thread 3', 'unix 3'])
      })
    },
  )

  const isKnown = 'typescript' in process.features && process.features.typescript !== false

  test.skipIf(isKnown).each(['thread', 'unix'] as const)(
    'without a loader is refused by core, file and what to do: %s',
    async (transport) => {
      await withModule({ type: 'module' }, async (module) => {
        const network = networkOf(module)
        await expect(built.openCluster(network, built.placeOnCores(network, 1), { transport })).rejects.toMatchObject({
          code: 'MODULE_FAILED',
          details: { field: module, found: expect.stringMatching(/^on core 0: .*Unknown file extension "\.ts"/) },
          message: expect.stringMatching(/Compile it to JavaScript, or start with a loader: node --import tsx/),
        })
      })
    },
  )

  test.skipIf(isKnown)('is refused on the worker of another machine, which is to be started with one', async () => {
    await withModule({ type: 'module' }, async (module) => {
      const reference = { module, name: 'typed.ts', export: 'createActor', options: {} }
      const policy = { kind: 'own', modules: fileURLToPath(new URL('.', module)) }
      const program = `
        import { loadFunction } from ${JSON.stringify(LOADING.href)}
        const loading = loadFunction(${JSON.stringify(reference)}, ${JSON.stringify(policy)})
        await loading.catch(({ code, message }) => console.log(code, message))`
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program])
      expect(stdout).toMatch(/^MODULE_FAILED .*start the worker with a loader: .*NODE_OPTIONS="--import tsx"/)
    })
  })
})

test('of the flags of a process those of loaders are inherited, with their values', () => {
  const loaders = ['--require', './a.cjs', '--import=tsx', '-r', 'b', '--experimental-strip-types', '-C', 'dev']
  const flags = ['--watch', ...loaders.slice(0, 3), '--inspect=0', ...loaders.slice(3), '--title', 'x', '--import']
  expect(loaderFlags(flags)).toEqual(loaders)
})

test('NODE_OPTIONS are read as Node.js reads them', () => {
  expect(flagsIn('  --import tsx --require "./my \\"own\\" file.cjs" --import="a b"')).toEqual([
    ...['--import', 'tsx', '--require', './my "own" file.cjs', '--import=a b'],
  ])
  expect(flagsIn('')).toEqual([])
})
