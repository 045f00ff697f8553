import { chmodSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { createFiles, jsonLines, type Outcome } from '../cli/run-in-process.js'
import { type CommandProcess, finish, runProcess, start } from '../cli/run-process.js'
import { TINY_PRESET } from '../cli/tiny-training.js'
import { describeWithNats, startNatsServer } from '../support/nats-server.js'
import { passwordOf, readSecurityPage } from '../support/security-page.js'

const files = createFiles()
afterAll(() => files[Symbol.dispose]())

describeWithNats('the users of SECURITY.md, each in a process of its own', () => {
  const started: CommandProcess[] = []
  afterAll(() => {
    for (const process of started) process.kill('SIGKILL')
  })

  test('train on workers, with checkpoints in a bucket that the operator has made', async () => {
    await using server = await startNatsServer({ config: readSecurityPage().config })
    const preset = files.write('preset.json', TINY_PRESET)
    const as = (user: string) => {
      const file = files.write(`${user}.password`, `${passwordOf(user)}\n`)
      chmodSync(file, 0o600)
      return ['--join', server.url, '--user', user, '--password-file', file, '--json']
    }
    const making = ['--make-bucket', 'checkpoints', '--bucket-size', '100MB']
    expect(await runProcess(files.folder, 'doctor', ...as('operator'), ...making)).toMatchObject({ code: 0, err: '' })
    const workers = ['west', 'east'].map((user) => start(files.folder, 'worker', ...as(user), '--slots', '1'))
    started.push(...workers)
    const ends = workers.map((worker) => finish(worker))
    // A coordinator may do all of it, and its user needs no other right.
    const dialled = await runProcess(files.folder, 'doctor', ...as('ada'), '--dial')
    expect(dialled).toMatchObject({ code: 0, err: '' })
    const train = ['train', 'temporal-patterns', '--preset', preset, '--cores', '2']
    const joined = ['--wait', '600', '--checkpoint', 'object:checkpoints/mine']
    const secured = await runProcess(files.folder, ...train, ...as('ben'), ...joined)
    expectWell(secured)
    const alone = await runProcess(files.folder, ...train, '--json')
    expect(digestIn(secured.out)).toBe(digestIn(alone.out))
    const resumed = await runProcess(files.folder, ...train, ...as('ben'), ...joined, '--resume')
    expectWell(resumed)
    expect(digestIn(resumed.out)).toBe(digestIn(alone.out))
    for (const worker of workers) worker.kill('SIGTERM')
    for (const { out, err } of await Promise.all(ends)) {
      expect(err).toBe('')
      // The processes that were only dialled were ended.
      const isOfRun = ({ run }: Record<string, unknown>) => !String(run).startsWith('doctor ')
      expect(jsonLines(out).filter((line) => line.level !== 'info' && isOfRun(line))).toEqual([])
    }
  })
})

function expectWell({ code, err }: Outcome): void {
  expect({ code, warnings: err.split('\n').filter((line) => /warning|error/.test(line)) }).toEqual({
    code: 0,
    warnings: [],
  })
}

function digestIn(out: string): unknown {
  return jsonLines(out).find(({ digest }) => digest !== undefined)?.digest
}
