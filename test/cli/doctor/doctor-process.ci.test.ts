import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { builtFile } from '../../support/built-file.js'
import { isLong } from '../../support/cases-of.js'
import { createFiles, jsonLines } from '../run-in-process.js'
import { runProcess, runProcessWith } from '../run-process.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

describe('doctor', () => {
  test('finds this machine fit and leaves nothing behind', async () => {
    const folder = `${files.folder}/empty`
    mkdirSync(folder)
    const { code, out, err } = await runProcess(folder, 'doctor', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const checks = jsonLines(out)
    expect(checks.map(({ check }) => check)).toEqual([
      'antidrome',
      'node',
      'cores',
      'byte order',
      'arithmetic',
      'random generator',
      'sockets',
      'thread partitions',
      'websocket partitions',
      'unix partitions',
      'runs folder',
    ])
    expect(checks.every(({ ok }) => ok === true)).toBe(true)
    expect(checks[1]?.found).toBe(process.versions.node)
    const partitions = checks.filter(({ check }) => String(check).endsWith('partitions'))
    for (const { found } of partitions) expect(found).toMatch(/^the same bits after \d+\.\d\d s$/)
    expect(readdirSync(folder)).toEqual([])
  })

  test('without --json is a table; it fails with 1 where partitions cannot be started and no run can be written', async () => {
    const folder = `${files.folder}/taken`
    mkdirSync(folder)
    files.write('taken/runs', 'a file in the place of the folder')
    // Unix sockets lie there.
    const { code, out, err } = await runProcessWith({ TMPDIR: '/nowhere' }, folder, 'doctor')
    expect({ code, err }).toEqual({
      code: 1,
      err: 'antidrome: These checks failed: unix partitions, runs folder. [SELF_CHECK_FAILED]\n',
    })
    expect(out).toMatch(/^check +result +found\n/)
    expect(out).toMatch(new RegExp(`\nnode +ok +${process.versions.node}\n`))
    expect(out).toMatch(/\nunix partitions +expected the bits of one process +\S.*\/nowhere/)
    expect(out).toMatch(/\nruns folder +expected a folder runs that can be written to +\S/)

    if (!isLong()) return
    const json = await runProcessWith({ TMPDIR: '/nowhere' }, folder, 'doctor', '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.err)).toMatchObject({ error: { code: 'SELF_CHECK_FAILED' } })
    const failed = jsonLines(json.out).filter(({ ok }) => ok === false)
    expect(failed.map(({ check }) => check)).toEqual(['unix partitions', 'runs folder'])
    for (const { expected, found } of failed)
      expect([expected, found].every((text) => typeof text === 'string')).toBe(true)
  })

  test('finds a disk that is full, and leaves nothing there', async () => {
    const folder = `${files.folder}/full`
    mkdirSync(folder)
    const script = `
      import { checkRunsFolder } from ${JSON.stringify(builtFile('cli/doctor/self-checks.js').href)}
      console.log(JSON.stringify(await checkRunsFolder()))`
    // The shell refuses every byte.
    const argv = ['-c', 'ulimit -f 0; exec "$@"', 'bash', process.execPath, '--input-type=module', '-e', script]
    const { stdout } = await promisify(execFile)('bash', argv, { cwd: folder })
    expect(JSON.parse(stdout)).toMatchObject({
      check: 'runs folder',
      ok: false,
      found: expect.stringMatching(/EFBIG|ENOSPC/),
    })
    expect(readdirSync(folder)).toEqual([])
  })
})
