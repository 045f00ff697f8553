import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runProcess } from '../cli/run-process.js'
import { type PackageUser, packageUser } from '../support/package-user.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A page of docs, and its blocks of one language. */
function guideOf(name: string) {
  const text = readFileSync(`${ROOT}docs/${name}.md`, 'utf8')
  const blocksOf = (kind: string) =>
    Array.from(text.matchAll(new RegExp(`\`\`\`${kind}\n([\\s\\S]*?)\`\`\``, 'g')), ([, block]) => block as string)
  const commands = blocksOf('sh').flatMap((block) => block.trim().split('\n'))
  return { text, blocksOf, commands }
}

/** Runs the line of a guide that calls the command; what it prints. */
async function command({ folder }: PackageUser, line: string): Promise<string> {
  const { code, out, err } = await runProcess(folder, ...line.replace('node bin/antidrome.mjs ', '').split(' '))
  expect({ line, code }, err).toEqual({ line, code: 0 })
  return out
}

test('the program of the guide to own data prints what it says, and its commands work one after the other', async () => {
  const { blocksOf, commands } = guideOf('own-data')
  await using user = await packageUser()
  symlinkSync(`${ROOT}demos`, join(user.folder, 'demos'))
  user.write('program.js', blocksOf('js')[0]!)
  expect(await user.run('program.js')).toBe(blocksOf('text')[0])
  expect(commands).toHaveLength(4)
  for (const line of commands) await command(user, line)
})

test('the loss file of the guide to losses is trained with on the command line, as it says', async () => {
  const { text } = guideOf('own-loss')
  await using user = await packageUser()
  for (const [, file, code] of text.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)) user.write(file!, code!)
  writeFileSync(join(user.folder, 'loss.json'), /`(\{ "module".*?\})`/.exec(text)![1]!)
  const lines = [...text.matchAll(/`(node bin\/antidrome\.mjs .*?)`/g)].map(([, line]) => line!)
  expect(lines.length).toBe(2)
  for (const line of lines) expect(await command(user, line)).toContain('accuracy')
})

test('the programs and commands of the guide to own recordings, one after the other, print what it says', async () => {
  const { blocksOf, commands } = guideOf('own-recordings')
  const [toWrite = '', toTrain = ''] = blocksOf('js')
  const [described = '', onChip = '', printed = ''] = blocksOf('text')
  await using user = await packageUser()
  const { folder } = user
  user.write('strokes.js', toWrite)
  expect(await user.run('strokes.js')).toBe('')
  expect(existsSync(join(folder, 'strokes.csv'))).toBe(true)
  expect(commands).toHaveLength(5)
  for (const [k, line] of commands.entries()) {
    const out = await command(user, line)
    if (k === 0) expect(out).toBe(described)
    if (k === 4) expect(out.split('\n')).toEqual(expect.arrayContaining(onChip.trimEnd().split('\n')))
  }
  expect(readFileSync(join(folder, 'predictions.csv'), 'utf8')).toMatch(
    /^draw,sample,label,predicted,class,predicted class,speaker,recording\n0,0,1,1,up,up,person-7,7\n/,
  )
  const raster = readFileSync(join(folder, 'runs', 'strokes', 'raster.svg'), 'utf8')
  expect(raster).toContain('Spikes and voltages of one events trial')
  expect(raster).toContain('>voltage</text>')
  expect(readFileSync(join(folder, 'strokes.svg'), 'utf8')).toContain('Recording 0 of strokes.csv')
  user.write('recordings.js', toTrain)
  expect(await user.run('recordings.js')).toBe(printed)
})

test('the sweep of the guide to sweeps, the training of its best setting and the program come to what it says', async () => {
  const { blocksOf, commands } = guideOf('sweeps')
  const [ranking, trained, onChip = '', , printed] = blocksOf('text')
  await using user = await packageUser()
  const { folder } = user
  writeFileSync(join(folder, 'rates.json'), blocksOf('json')[0] ?? '')
  expect(commands).toHaveLength(6)
  const said: string[] = []
  for (const line of commands) said.push(await command(user, line))
  const [swept, resumed, compared = '', best, evaluated, chip = ''] = said
  expect(swept).toBe(ranking)
  expect(resumed).toBe(ranking)
  expect(compared).toMatch(/^setting +group 1 +group 2\ntraining.rates.weights +0.07396 +0.186\nnetwork.hidden/)
  expect(compared).toMatch(/86\.85 ± 6\.01/)
  expect(best).toBe(trained)
  expect(evaluated).toContain('accuracy 93.80 %, on 1000 test samples')
  expect(chip.split('\n')).toEqual(expect.arrayContaining(onChip.trimEnd().split('\n')))
  expect(readFileSync(join(folder, 'sweeps', 'rates', 'sweep.svg'), 'utf8')).toContain('>network.hidden</text>')
  user.write('program.js', blocksOf('js')[0] ?? '')
  expect(await user.run('program.js')).toBe(printed)
})
