import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { hashModule } from '../../../src/actors/modules/hash-module.js'
import { syntaxMistake } from '../../../src/actors/modules/syntax-mistake.js'
import { builtFile } from '../../support/built-file.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { built } from '../built-cluster.js'

const BUNDLE = builtFile('bundle/index.js')
const run = promisify(execFile)

/** The URLs of files in a folder of their own, whose package says nothing of modules. */
async function withFiles<Result>(
  files: Readonly<Record<string, string>>,
  work: (urlOf: (name: string) => string) => Promise<Result>,
): Promise<Result> {
  await using folder = await temporaryFolder()
  mkdirSync(join(folder.path, 'below'))
  writeFileSync(join(folder.path, 'package.json'), '{}')
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder.path, name), text)
  return await work((name) => pathToFileURL(join(folder.path, name)).href)
}

test.each([
  ['a number where none may be', 'export const a = 1\n\nexport const b = 1 2\n', 3, 'Unexpected number'],
  ['a reserved word', 'export const a = 1\nconst await = 3\n', 2, 'Unexpected reserved word'],
  ['a text that does not end', 'const a = 1\nexport const s = "abc\n', 2, 'Invalid or unexpected token'],
  ['a bracket that is not closed', 'export const b = {\n', 2, 'Unexpected end of input'],
])('%s is told with file and line', async (_, text, line, message) => {
  for (const name of ['bad.mjs', 'bad.js'])
    await withFiles({ [name]: text }, async (urlOf) => {
      expect(await syntaxMistake(urlOf(name))).toEqual({ message, place: `${urlOf(name)}:${line}` })
    })
})

test('one in an imported file is told by that file', async () => {
  const files = { 'a.mjs': "import './below/b.js'\n", 'below/b.js': "\nexport * from '../c.js'", 'c.js': '\n\nlet 3' }
  await withFiles(files, async (urlOf) => {
    expect(await syntaxMistake(urlOf('a.mjs'))).toMatchObject({ place: `${urlOf('c.js')}:3` })
    expect(await syntaxMistake(urlOf('a.mjs'), 'Unexpected end of input')).toBeNull()
  })
})

test('modules without one have none, whatever they would do', async () => {
  const text = "import './gone.js'\nawait import('node:fs')\nthrow new Error('it has been run')\n"
  await withFiles({ 'fine.js': text }, async (urlOf) => {
    expect(await syntaxMistake(urlOf('fine.js'))).toBeNull()
  })
})

test('what has no end has no fingerprint, and is told with file and line', async () => {
  await withFiles({ 'a.js': "import './b.js'", 'b.js': '\nexport const b = {\n' }, async (urlOf) => {
    await expect(hashModule(urlOf('a.js'))).rejects.toMatchObject({
      code: 'MODULE_FAILED',
      mistake: { field: urlOf('a.js'), found: `no JavaScript at ${urlOf('b.js')}:3: Unexpected end of input` },
    })
  })
})

const networkOf = (module: string) =>
  built.defineNetwork({
    groups: { in: built.source(1), own: built.actor(2, new URL(module)) },
    projections: [built.connect('in', 'own', built.dense(1), { delay: 1 })],
  })

/** What a program of its own is told that opens such a network in its main thread. */
async function openedAlone(module: string): Promise<string> {
  const program = `
    import { actor, connect, defineNetwork, dense, open, source } from ${JSON.stringify(BUNDLE.href)}
    const groups = { in: source(1), own: actor(2, new URL(${JSON.stringify(module)})) }
    const projections = [connect('in', 'own', dense(1), { delay: 1 })]
    await open(defineNetwork({ groups, projections })).catch(({ code, message }) => console.log(code, message))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program])
  return stdout
}

const BROKEN = { 'a.js': "export * from './b.js'", 'b.js': '\nexport function createActor() {\n  return 1 2\n}\n' }

test.each(['thread', 'websocket'] as const)(
  'a mistake of syntax ends the start with file and line: %s',
  async (transport) => {
    await withFiles(BROKEN, async (urlOf) => {
      const network = networkOf(urlOf('a.js'))
      await expect(built.openCluster(network, built.placeOnCores(network, 1), { transport })).rejects.toMatchObject({
        code: 'MODULE_FAILED',
        message: expect.stringContaining(`Unexpected number (${urlOf('b.js')}:3)`),
      })
    })
  },
)

test('a mistake of syntax ends the start with file and line: in the main thread', async () => {
  await withFiles(BROKEN, async (urlOf) => {
    const said = await openedAlone(urlOf('a.js'))
    expect(said).toMatch(/^MODULE_FAILED /)
    expect(said).toContain(`Unexpected number (${urlOf('b.js')}:3)`)
  })
})

test('an export that is not there is told where it is asked for', async () => {
  await withFiles({ 'a.mjs': "\nimport { c } from './b.mjs'\nexport const d = c", 'b.mjs': '' }, async (urlOf) => {
    expect(await openedAlone(urlOf('a.mjs'))).toMatch(/^MODULE_FAILED .*export named 'c' \(file:.*a\.mjs:2\)/)
  })
})
