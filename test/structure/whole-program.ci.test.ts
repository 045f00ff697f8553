import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { createProgramOf, findFloatingPromises } from '../support/floating-promises.js'
import { BY_NAME, namesLookedUp } from '../support/user-names.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** The gates that take types, over all files of the repository; `typed-gates.test.ts` has what each of them must find. */
describe('the repository, and one mistake more', () => {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile)
  const { fileNames, options, errors } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const dropping = `${ROOT}src/actors/supervision/planted.ts`
  const lookingUp = `${ROOT}src/events/planted.ts`
  const program = createProgramOf(
    fileNames,
    options,
    new Map([
      [dropping, `import { settlesWithin } from './core-worker.js'\nsettlesWithin(Promise.resolve(), 3)`],
      [lookingUp, 'export const x = (r: Record<string, number>, name: string) => r[name]'],
    ]),
  )

  test('are read', () => {
    expect(errors).toEqual([])
    expect(fileNames.length).toBeGreaterThan(2000)
    expect(fileNames).toContain(`${ROOT}src/${BY_NAME}`)
  })

  test('drop no promise but that one', () => {
    const found = findFloatingPromises(program, (file) => !file.includes('/node_modules/'))
    expect(found).toEqual([{ path: dropping, line: 2, found: 'settlesWithin(Promise.resolve(), 3)' }])
  })

  test(`look no name up that somebody gave, but by ${BY_NAME} and there`, () => {
    const found = namesLookedUp(program, (file) => file.startsWith(`${ROOT}src/`))
    expect(found).toEqual([{ path: lookingUp, line: 1, found: 'r[name]' }])
  })
})
