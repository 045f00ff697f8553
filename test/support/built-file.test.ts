import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { fingerprint, requireFreshBuild, STALE_BUILD } from './built-file.js'
import { temporaryFolder } from './temporary-folder.js'

test('a test that uses what is built refuses a build of other sources, and says what to run', async () => {
  await using folder = await temporaryFolder()
  const root = `${folder.path}/`
  const address = pathToFileURL(root)
  const write = (path: string, text: string) => writeFileSync(join(root, path), text)
  for (const path of ['.build', 'src', 'presets', 'chips', 'scripts/build'])
    mkdirSync(join(root, path), { recursive: true })
  for (const path of ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']) write(path, '{}')
  const refusal = (found: string) => `${root}dist: found ${found}, expected one of the sources as they are; run node`
  expect(() => requireFreshBuild(address, {})).toThrow(refusal('no build'))
  write('src/a.ts', 'export const a = 1')
  write('.build/fingerprint', fingerprint(root))
  write('src/a.ts', 'export const a = 2')
  expect(() => requireFreshBuild(address, {})).toThrow(refusal('a build of other sources'))
  requireFreshBuild(address, { [STALE_BUILD]: '1' })
  write('.build/fingerprint', fingerprint(root))
  requireFreshBuild(address, {})
  // A process asks once.
  rmSync(join(root, 'src'), { recursive: true })
  requireFreshBuild(address, {})
})
